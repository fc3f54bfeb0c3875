use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::signals::{Signal, Signals};

/// What is done before the others have their turn again: so many signals
/// taken, clients accepted, and reads for one client.
const SIGNALS: usize = 256;
const ACCEPTS: usize = 64;
const READS: usize = 4;

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}

/// How a client's turn has ended.
enum Turn {
    /// The kernel has no more, or no room: a signal will tell.
    Waits,
    /// There may be more, and no signal will tell.
    Again,
    Left,
}

pub fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    // std asks for a backlog of 128. A second listen changes it.
    rustix::net::listen(&listener, 4096)?;
    println!("listening on {}", listener.local_addr()?);
    run(&listener)
}

fn run(listener: &TcpListener) -> anyhow::Result<()> {
    let signals = Signals::block()?;
    signals.hang_bell(listener)?;
    let mut clients: BTreeMap<RawFd, Client> = BTreeMap::new();
    let mut buf = vec![0; 1 << 16];
    let mut paused_until: Option<Instant> = None;
    let door = listener.as_raw_fd();
    // ANCHOR: run
    // Whose turn it is. Somebody may have come before the bell was there.
    let mut due = BTreeSet::from([door]);
    loop {
        let mut limit =
            paused_until.map(|t| t.saturating_duration_since(Instant::now()));
        for _ in 0..SIGNALS {
            if !due.is_empty() {
                limit = Some(Duration::ZERO); // there is something to do
            }
            match signals.next(limit)? {
                Some(Signal::Socket(fd)) => drop(due.insert(fd)),
                Some(Signal::Any) => {
                    due.insert(door);
                    due.extend(clients.keys());
                }
                None => break,
            }
        }
        if paused_until.take_if(|t| *t <= Instant::now()).is_some() {
            due.insert(door);
        }

        for fd in mem::take(&mut due) {
            if fd == door {
                if let Err(e) =
                    accept(listener, &signals, &mut clients, &mut due)
                {
                    println!("cannot accept for now: {e}");
                    paused_until =
                        Some(Instant::now() + Duration::from_secs(1));
                }
                continue;
            }
            let Some(client) = clients.get_mut(&fd) else {
                continue; // a late signal of a client that is gone
            };
            let why = match client.turn(&mut buf) {
                Ok(Turn::Waits) => continue,
                Ok(Turn::Again) => {
                    due.insert(fd);
                    continue;
                }
                Ok(Turn::Left) => "left".to_string(),
                Err(e) => format!("is lost: {e}"),
            };
            println!("{} {why}", client.peer);
            clients.remove(&fd); // dropped: this closes the socket
            if paused_until.take().is_some() {
                due.insert(door); // its descriptor is free
            }
        }
    }
    // ANCHOR_END: run
}

// ANCHOR: accept
/// Accepts until nobody waits any more: there is one signal for each who came,
/// and some may be lost. An error: there are no descriptors left.
fn accept(
    listener: &TcpListener,
    signals: &Signals,
    clients: &mut BTreeMap<RawFd, Client>,
    due: &mut BTreeSet<RawFd>,
) -> io::Result<()> {
    for _ in 0..ACCEPTS {
        let (stream, peer) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(e) => match e.kind() {
                ErrorKind::WouldBlock => return Ok(()),
                // By a signal; or whoever came has left again.
                ErrorKind::Interrupted
                | ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset => continue,
                _ => return Err(e),
            },
        };
        if let Err(e) = signals.hang_bell(&stream) {
            println!("{peer} cannot be served: {e}");
            continue;
        }
        println!("{peer} came");
        let fd = stream.as_raw_fd();
        clients.insert(fd, Client { stream, peer, unsent: Vec::new() });
        due.insert(fd); // it may have spoken before the bell was there
    }
    due.insert(listener.as_raw_fd());
    Ok(())
}
// ANCHOR_END: accept

impl Client {
    // ANCHOR: turn
    /// Sends what is owed, and reads, until the kernel would have to wait: the
    /// next signal comes only when something has changed after that.
    fn turn(&mut self, buf: &mut [u8]) -> io::Result<Turn> {
        for _ in 0..READS {
            let sent = send(&self.stream, &self.unsent)?;
            self.unsent.drain(..sent);
            if !self.unsent.is_empty() {
                return Ok(Turn::Waits);
            }
            self.unsent = Vec::new(); // gives its memory back
            let read = match self.stream.read(buf) {
                Ok(0) => return Ok(Turn::Left),
                Ok(read) => read,
                Err(e) => match e.kind() {
                    ErrorKind::WouldBlock => return Ok(Turn::Waits),
                    ErrorKind::Interrupted => continue,
                    _ => return Err(e),
                },
            };
            let sent = send(&self.stream, &buf[..read])?;
            self.unsent.extend_from_slice(&buf[sent..read]);
        }
        Ok(Turn::Again)
    }
    // ANCHOR_END: turn
}

/// Sends until the kernel would have to wait, or everything is sent.
fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(n) => sent += n,
            Err(e) if e.kind() == ErrorKind::WouldBlock => break,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(sent)
}
