use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit, setrlimit};

/// How many clients are accepted before the others have their turn again.
const ACCEPTS: usize = 64;

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}

pub fn main() -> anyhow::Result<()> {
    raise_descriptors();
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

// ANCHOR: raise
/// Lets this process have more descriptors, if the system permits.
fn raise_descriptors() {
    const ENOUGH: u64 = 10_240; // macOS refuses more: OPEN_MAX
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
    if limit.current.is_some_and(|current| current < most) {
        limit.current = Some(most);
        if let Err(e) = setrlimit(Resource::Nofile, limit) {
            eprintln!("the limit of descriptors stays what it is: {e}");
        }
    }
}
// ANCHOR_END: raise

fn run(listener: &TcpListener) -> anyhow::Result<()> {
    let mut clients: Vec<Client> = Vec::new();
    let mut buf = vec![0; 1 << 16];
    let mut paused_until: Option<Instant> = None;
    // ANCHOR: run
    loop {
        let mut fds = Vec::with_capacity(clients.len() + 1);
        for client in &clients {
            let owes = !client.unsent.is_empty();
            let events = if owes { PollFlags::OUT } else { PollFlags::IN };
            fds.push(PollFd::new(&client.stream, events));
        }
        if paused_until.is_none() {
            fds.push(PollFd::new(listener, PollFlags::IN));
        }
        let limit = paused_until
            .map(|t| t.saturating_duration_since(Instant::now()))
            .map(Timespec::try_from)
            .transpose()?;
        match poll(&mut fds, limit.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => continue, // by a signal
            Err(e) => return Err(e.into()),
        }

        // `fds` borrows the clients, and they are about to change.
        let ready: Vec<bool> =
            fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        let mut ready = ready.into_iter();
        let before = clients.len();
        clients.retain_mut(|client| {
            ready.next() != Some(true) || client.stays_after_its_turn(&mut buf)
        });
        if clients.len() < before {
            paused_until = None; // descriptors have become free
        }
        if ready.next() == Some(true)
            && let Err(e) = accept(listener, &mut clients)
        {
            println!("cannot accept for now: {e}");
            paused_until = Some(Instant::now() + Duration::from_secs(1));
        }
        paused_until = paused_until.filter(|t| Instant::now() < *t);
    }
    // ANCHOR_END: run
}

/// An error: there are no descriptors left.
fn accept(listener: &TcpListener, clients: &mut Vec<Client>) -> io::Result<()> {
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
        match stream.set_nonblocking(true) {
            Ok(()) => {
                println!("{peer} came");
                clients.push(Client { stream, peer, unsent: Vec::new() });
            }
            Err(e) => println!("{peer} cannot be served: {e}"),
        }
    }
    Ok(())
}

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
}

fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
