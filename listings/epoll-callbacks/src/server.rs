use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;

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
    paused: bool,
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
        paused: false,
    };
    let mut events = Vec::with_capacity(256);
    loop {
        events.clear();
        let limit = Timespec { tv_sec: 1, tv_nsec: 0 };
        let limit = server.paused.then_some(&limit);
        match epoll::wait(&server.epoll, spare_capacity(&mut events), limit) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue, // by a signal
            Err(e) => return Err(e.into()),
        }
        for event in &events {
            let key = event.data.u64();
            // None: an earlier callback of this round has closed it.
            if let Some(callback) = server.callbacks.get(&key)
                && let Err(e) = callback(&mut server, key)
            {
                server.close(key, &format!("is lost: {e}"))?;
            }
        }
        if server.paused && events.is_empty() {
            server.pause(false)?; // a second has passed: try again
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
        Err(e) => match e.kind() {
            // Whoever it was has gone again.
            ErrorKind::ConnectionAborted
            | ErrorKind::Interrupted
            | ErrorKind::WouldBlock => {}
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
        self.callbacks.remove(&key);
        if let Some(client) = self.clients.remove(&key) {
            println!("{} {why}", client.peer);
            epoll::delete(&self.epoll, &client.stream)?; // and then close: drop
        }
        if self.paused {
            self.pause(false)?;
        }
        Ok(())
    }
    // ANCHOR_END: watch

    fn pause(&mut self, paused: bool) -> io::Result<()> {
        self.paused = paused;
        let interest =
            if paused { EventFlags::empty() } else { EventFlags::IN };
        let key = EventData::new_u64(LISTENER);
        epoll::modify(&self.epoll, &self.listener, key, interest)?;
        Ok(())
    }
}
