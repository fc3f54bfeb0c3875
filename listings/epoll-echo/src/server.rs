mod client;

use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::process::{Resource, getrlimit, setrlimit};

use client::{Client, Next};

// ANCHOR: types
struct Server {
    /// The kernel's own list: which sockets we watch, and which are ready.
    epoll: OwnedFd,
    listener: TcpListener,
    clients: HashMap<u64, Client>,
    /// The key of the next client. No key is used twice.
    next_key: u64,
    /// What a client sends is read into here, and sent back from here.
    buf: Vec<u8>,
    /// Nobody is accepted until then: there are no descriptors left.
    paused_until: Option<Instant>,
}

const LISTENER: u64 = 0;
// ANCHOR_END: types

/// How many are accepted before the others have their turn again.
const ACCEPTS: usize = 64;

pub fn main() -> anyhow::Result<()> {
    raise_descriptors();
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener =
        listen(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    Server::new(listener)?.run()
}

fn listen(addr: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    // std asks for a backlog of 128. A second listen changes it.
    rustix::net::listen(&listener, 4096)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Each client takes a descriptor: ask for as many as the system allows.
fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(e) = setrlimit(Resource::Nofile, limit) {
        eprintln!("the limit of descriptors stays what it is: {e}");
    }
}

impl Server {
    // ANCHOR: new
    fn new(listener: TcpListener) -> io::Result<Server> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let key = EventData::new_u64(LISTENER);
        epoll::add(&epoll, &listener, key, EventFlags::IN)?;
        Ok(Server {
            epoll,
            listener,
            clients: HashMap::new(),
            next_key: LISTENER + 1,
            buf: vec![0; 64 * 1024],
            paused_until: None,
        })
    }
    // ANCHOR_END: new

    // ANCHOR: run
    fn run(mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(256);
        loop {
            events.clear();
            let now = Instant::now();
            let limit =
                self.paused_until.map(|t| t.saturating_duration_since(now));
            let limit = limit.map(Timespec::try_from).transpose()?;
            let room = spare_capacity(&mut events);
            match epoll::wait(&self.epoll, room, limit.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {} // by a signal
                Err(e) => return Err(e.into()),
            }
            for event in &events {
                match event.data.u64() {
                    LISTENER => self.accept()?,
                    key => self.serve(key)?,
                }
            }
            if self.paused_until.is_some_and(|t| t <= Instant::now()) {
                self.pause(false)?;
            }
        }
    }
    // ANCHOR_END: run

    fn accept(&mut self) -> io::Result<()> {
        for _ in 0..ACCEPTS {
            match self.listener.accept() {
                Ok((stream, peer)) => match self.add(stream, peer) {
                    Ok(()) => println!("{peer} came"),
                    Err(e) => println!("{peer} could not be watched: {e}"),
                },
                Err(e) => match e.kind() {
                    ErrorKind::WouldBlock => break,
                    // By a signal; or whoever came has left again.
                    ErrorKind::Interrupted
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::ConnectionReset => {}
                    _ => {
                        println!("cannot accept for now: {e}");
                        return self.pause(true);
                    }
                },
            }
        }
        Ok(())
    }

    // ANCHOR: add
    fn add(&mut self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let key = EventData::new_u64(self.next_key);
        epoll::add(&self.epoll, &stream, key, EventFlags::IN)?;
        self.clients.insert(self.next_key, Client::new(stream, peer));
        self.next_key += 1;
        Ok(())
    }
    // ANCHOR_END: add

    // ANCHOR: serve
    fn serve(&mut self, key: u64) -> io::Result<()> {
        let Some(client) = self.clients.get_mut(&key) else {
            return Ok(());
        };
        let was_stuck = client.is_stuck();
        match client.turn(&mut self.buf) {
            Ok(Next::Wait) if client.is_stuck() == was_stuck => return Ok(()),
            Ok(Next::Wait) => {
                // Stuck: wait for room, and read no more until there is some.
                let interest =
                    if was_stuck { EventFlags::IN } else { EventFlags::OUT };
                let key = EventData::new_u64(key);
                epoll::modify(&self.epoll, &client.stream, key, interest)?;
                return Ok(());
            }
            Ok(Next::Close) => println!("{} left", client.peer),
            Err(e) => println!("{} is lost: {e}", client.peer),
        }
        epoll::delete(&self.epoll, &client.stream)?;
        self.clients.remove(&key); // dropped: this closes the socket
        if self.paused_until.is_some() { self.pause(false) } else { Ok(()) }
    }
    // ANCHOR_END: serve

    fn pause(&mut self, pause: bool) -> io::Result<()> {
        let a_second = Duration::from_secs(1);
        self.paused_until = pause.then(|| Instant::now() + a_second);
        let interest = if pause { EventFlags::empty() } else { EventFlags::IN };
        let key = EventData::new_u64(LISTENER);
        Ok(epoll::modify(&self.epoll, &self.listener, key, interest)?)
    }
}
