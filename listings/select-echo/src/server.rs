use std::collections::BTreeMap;
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::event::{FdSetElement, FdSetIter, Timespec, fd_set_insert, select};
use rustix::io::Errno;

// ANCHOR: set
/// How many bits C's `fd_set` has (`man 2 select`).
const FD_SETSIZE: usize = 1024;

/// As C's `fd_set`: bit 5 stands for descriptor 5.
type Set = [FdSetElement; FD_SETSIZE / (8 * size_of::<FdSetElement>())];
// ANCHOR_END: set

/// How many clients are accepted before the others have their turn again.
const ACCEPTS: usize = 64;

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}

pub fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener =
        listen(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    run(&listener)
}

fn listen(addr: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    // std asks for a backlog of 128. A second listen changes it.
    rustix::net::listen(&listener, 4096)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn run(listener: &TcpListener) -> anyhow::Result<()> {
    let mut clients: BTreeMap<RawFd, Client> = BTreeMap::new();
    let mut buf = vec![0; 1 << 16];
    let mut paused_until: Option<Instant> = None;
    ensure!(fits(listener), "the listener does not fit into an fd_set");
    // ANCHOR: run
    loop {
        let (mut read, mut write) = (Set::default(), Set::default());
        if paused_until.is_none() {
            fd_set_insert(&mut read, listener.as_raw_fd());
        }
        for (fd, client) in &clients {
            let owes = !client.unsent.is_empty();
            fd_set_insert(if owes { &mut write } else { &mut read }, *fd);
        }
        let last_client = clients.keys().next_back().copied().unwrap_or(0);
        let nfds = last_client.max(listener.as_raw_fd()) + 1;
        let limit = paused_until
            .map(|t| t.saturating_duration_since(Instant::now()))
            .map(Timespec::try_from)
            .transpose()?;
        let sets = (Some(&mut read[..]), Some(&mut write[..]));
        // SAFETY: each bit is the number of a socket that `listener` or
        // `clients` keeps open; `nfds` is at most the number of bits.
        match unsafe { select(nfds, sets.0, sets.1, None, limit.as_ref()) } {
            Ok(_) => {}
            Err(Errno::INTR) => continue, // by a signal
            Err(e) => return Err(e.into()),
        }

        for fd in FdSetIter::new(&read).chain(FdSetIter::new(&write)) {
            let Some(client) = clients.get_mut(&fd) else {
                continue; // the listener: its turn comes last
            };
            if !client.stays_after_its_turn(&mut buf) {
                clients.remove(&fd); // dropped: this closes the socket
                paused_until = None;
            }
        }
        if FdSetIter::new(&read).any(|fd| fd == listener.as_raw_fd())
            && let Err(e) = accept(listener, &mut clients)
        {
            println!("cannot accept for now: {e}");
            paused_until = Some(Instant::now() + Duration::from_secs(1));
        }
        paused_until = paused_until.filter(|t| Instant::now() < *t);
    }
    // ANCHOR_END: run
}

// ANCHOR: accept
/// An error: there are no descriptors left.
fn accept(
    listener: &TcpListener,
    clients: &mut BTreeMap<RawFd, Client>,
) -> io::Result<()> {
    for _ in 0..ACCEPTS {
        let (stream, peer) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(e) => match e.kind() {
                ErrorKind::WouldBlock => break,
                // By a signal; or whoever came has left again.
                ErrorKind::Interrupted
                | ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset => continue,
                _ => return Err(e),
            },
        };
        if !fits(&stream) {
            let fd = stream.as_raw_fd();
            println!("{peer} is turned away: no bit for descriptor {fd}");
            continue; // dropped: this closes the socket
        }
        match stream.set_nonblocking(true) {
            Ok(()) => println!("{peer} came"),
            Err(e) => {
                println!("{peer} cannot be served: {e}");
                continue;
            }
        }
        let client = Client { stream, peer, unsent: Vec::new() };
        clients.insert(client.stream.as_raw_fd(), client);
    }
    Ok(())
}

fn fits(socket: &impl AsRawFd) -> bool {
    usize::try_from(socket.as_raw_fd()).is_ok_and(|fd| fd < FD_SETSIZE)
}
// ANCHOR_END: accept

impl Client {
    fn stays_after_its_turn(&mut self, buf: &mut [u8]) -> bool {
        match self.turn(buf) {
            Ok(true) => return true,
            Ok(false) => println!("{} left", self.peer),
            Err(e) if not_now(&e) => return true,
            Err(e) => println!("{} is lost: {e}", self.peer),
        }
        false
    }

    // ANCHOR: turn
    /// Sends what is owed, or reads once, and sends back what the kernel
    /// takes. `false`: the client has ended, and has everything.
    fn turn(&mut self, buf: &mut [u8]) -> io::Result<bool> {
        if self.unsent.is_empty() {
            let read = self.stream.read(buf)?;
            if read == 0 {
                return Ok(false);
            }
            let sent = self.send(&buf[..read])?;
            self.unsent.extend_from_slice(&buf[sent..read]);
            return Ok(true);
        }
        let sent = self.send(&self.unsent)?;
        self.unsent.drain(..sent);
        if self.unsent.is_empty() {
            self.unsent = Vec::new(); // gives its memory back
        }
        Ok(true)
    }

    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        match (&self.stream).write(bytes) {
            Err(e) if not_now(&e) => Ok(0),
            result => result,
        }
    }
    // ANCHOR_END: turn
}

fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
