use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

type Callback = fn(&mut Server, key: u64) -> io::Result<()>;

struct Server {
    /// The kernel's own list: which sockets we watch, and which are ready.
    epoll: OwnedFd,
    callbacks: HashMap<u64, Callback>,
    listener: TcpListener,
    clients: HashMap<u64, Client>,
    next_key: u64,
    paused_until: Option<Instant>,
}

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}

const LISTENER: u64 = 0;

pub fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    run(listener)
}

// ANCHOR: run
fn run(listener: TcpListener) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    let key = EventData::new_u64(LISTENER);
    epoll::add(&epoll, &listener, key, EventFlags::IN)?;
    let mut server = Server {
        epoll,
        callbacks: HashMap::from([(LISTENER, accept as Callback)]),
        listener,
        clients: HashMap::new(),
        next_key: LISTENER + 1,
        paused_until: None,
    };
    let mut events = Vec::with_capacity(256);
    loop {
        events.clear();
        let now = Instant::now();
        let limit =
            server.paused_until.map(|t| t.saturating_duration_since(now));
        let limit = limit.map(Timespec::try_from).transpose()?;
        let room = spare_capacity(&mut events);
        match epoll::wait(&server.epoll, room, limit.as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue, // by a signal
            Err(e) => return Err(e.into()),
        }
        for event in &events {
            let key = event.data.u64();
            let Some(callback) = server.callbacks.get(&key) else {
                continue; // closed by an earlier callback of this round
            };
            match callback(&mut server, key) {
                Ok(()) => {}
                Err(e) if key == LISTENER => return Err(e.into()),
                Err(e) => server.close(key, &format!("is lost: {e}"))?,
            }
        }
        if server.paused_until.is_some_and(|t| t <= Instant::now()) {
            server.pause(false)?;
        }
    }
}
// ANCHOR_END: run

fn accept(server: &mut Server, _: u64) -> io::Result<()> {
    match server.listener.accept() {
        Ok((stream, peer)) => match server.add(stream, peer) {
            Ok(()) => println!("{peer} came"),
            Err(e) => println!("{peer} could not be watched: {e}"),
        },
        Err(e) if not_now(&e) => {}
        Err(e) => match e.kind() {
            // Whoever came has left before we could answer.
            ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset => {}
            _ => {
                println!("cannot accept for now: {e}");
                server.pause(true)?;
            }
        },
    }
    Ok(())
}

fn echo(server: &mut Server, key: u64) -> io::Result<()> {
    let client = server.clients.get_mut(&key).expect("it is watched");
    let mut buf = [0; 4096];
    match client.stream.read(&mut buf) {
        Ok(0) => return server.close(key, "left"),
        Ok(n) => client.unsent.extend_from_slice(&buf[..n]),
        Err(e) if not_now(&e) => return Ok(()),
        Err(e) => return Err(e),
    }
    if !client.send()? {
        // The buffers are full. Wait for room; until then, read no more.
        server.watch(key, EventFlags::OUT, flush)?;
    }
    Ok(())
}

fn flush(server: &mut Server, key: u64) -> io::Result<()> {
    let client = server.clients.get_mut(&key).expect("it is watched");
    if client.send()? {
        server.watch(key, EventFlags::IN, echo)?;
    }
    Ok(())
}

impl Client {
    /// Sends what the kernel takes now. `true`: nothing is left.
    fn send(&mut self) -> io::Result<bool> {
        match self.stream.write(&self.unsent) {
            Ok(n) => drop(self.unsent.drain(..n)),
            Err(e) if not_now(&e) => {}
            Err(e) => return Err(e),
        }
        Ok(self.unsent.is_empty())
    }
}

fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Server {
    // ANCHOR: watch
    fn add(&mut self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let key = self.next_key;
        let data = EventData::new_u64(key);
        epoll::add(&self.epoll, &stream, data, EventFlags::IN)?;
        let unsent = Vec::new();
        self.clients.insert(key, Client { stream, peer, unsent });
        self.callbacks.insert(key, echo);
        self.next_key += 1;
        Ok(())
    }

    fn watch(
        &mut self,
        key: u64,
        interest: EventFlags,
        callback: Callback,
    ) -> io::Result<()> {
        let stream = &self.clients[&key].stream;
        let data = EventData::new_u64(key);
        epoll::modify(&self.epoll, stream, data, interest)?;
        self.callbacks.insert(key, callback);
        Ok(())
    }

    fn close(&mut self, key: u64, why: &str) -> io::Result<()> {
        if let Some(client) = self.clients.get(&key) {
            println!("{} {why}", client.peer);
            epoll::delete(&self.epoll, &client.stream)?;
            self.clients.remove(&key); // dropped: this closes the socket
            self.callbacks.remove(&key);
        }
        if self.paused_until.is_some() {
            self.pause(false)?;
        }
        Ok(())
    }
    // ANCHOR_END: watch

    fn pause(&mut self, pause: bool) -> io::Result<()> {
        let a_second = Duration::from_secs(1);
        self.paused_until = pause.then(|| Instant::now() + a_second);
        let interest = if pause { EventFlags::empty() } else { EventFlags::IN };
        let key = EventData::new_u64(LISTENER);
        epoll::modify(&self.epoll, &self.listener, key, interest)?;
        Ok(())
    }
}
