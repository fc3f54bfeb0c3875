mod client;

use std::collections::{HashMap, VecDeque};
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

struct Server {
    /// The kernel's own list: which sockets we watch, and which are ready.
    epoll: OwnedFd,
    listener: TcpListener,
    clients: HashMap<u64, Client>,
    /// The key of the next client. No key is used twice.
    next_key: u64,
    /// Clients who had a turn and have more: epoll will not say so again.
    more: VecDeque<u64>,
    /// What a client sends is read into here, and sent back from here.
    buf: Vec<u8>,
    /// Nobody is accepted until then: there are no descriptors left.
    paused_until: Option<Instant>,
}

const LISTENER: u64 = 0;

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
    fn new(listener: TcpListener) -> io::Result<Server> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let key = EventData::new_u64(LISTENER);
        epoll::add(&epoll, &listener, key, EventFlags::IN)?;
        Ok(Server {
            epoll,
            listener,
            clients: HashMap::new(),
            next_key: LISTENER + 1,
            more: VecDeque::new(),
            buf: vec![0; 64 * 1024],
            paused_until: None,
        })
    }

    // ANCHOR: run
    fn run(mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(256);
        loop {
            events.clear();
            let limit =
                self.time_limit().map(Timespec::try_from).transpose()?;
            let room = spare_capacity(&mut events);
            match epoll::wait(&self.epoll, room, limit.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {} // by a signal
                Err(e) => return Err(e.into()),
            }
            // Those who have waited since the last round, and no others.
            for _ in 0..self.more.len() {
                if let Some(key) = self.more.pop_front() {
                    self.serve(key, None)?;
                }
            }
            for event in &events {
                match event.data.u64() {
                    LISTENER => self.accept()?,
                    key => self.serve(key, Some(event.flags))?,
                }
            }
            if self.paused_until.is_some_and(|t| t <= Instant::now()) {
                self.pause(false)?;
            }
        }
    }

    /// How long to sleep: not at all if somebody has more.
    fn time_limit(&self) -> Option<Duration> {
        if !self.more.is_empty() {
            return Some(Duration::ZERO);
        }
        let now = Instant::now();
        self.paused_until.map(|t| t.saturating_duration_since(now))
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
        let all = EventFlags::IN
            | EventFlags::OUT
            | EventFlags::RDHUP
            | EventFlags::PRI;
        epoll::add(&self.epoll, &stream, key, all | EventFlags::ET)?;
        self.clients.insert(self.next_key, Client::new(stream, peer));
        self.next_key += 1;
        Ok(())
    }
    // ANCHOR_END: add

    // ANCHOR: serve
    /// Gives a client its turn, because something has happened to it or
    /// because it had more.
    fn serve(&mut self, key: u64, news: Option<EventFlags>) -> io::Result<()> {
        let Some(client) = self.clients.get_mut(&key) else {
            return Ok(());
        };
        match news {
            Some(flags) => client.remember(flags),
            None => client.in_queue = false,
        }
        if client.in_queue {
            return Ok(()); // its turn comes
        }
        match client.turn(&mut self.buf) {
            Ok(Next::Wait) => return Ok(()),
            Ok(Next::More) => {
                client.in_queue = true;
                self.more.push_back(key);
                return Ok(());
            }
            Ok(Next::Close) => println!("{} left", client.peer),
            Err(e) => println!("{} is lost: {e}", client.peer),
        }
        // Dropped: this closes the socket, and nobody else has it. So it
        // leaves the epoll by itself.
        self.clients.remove(&key);
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
