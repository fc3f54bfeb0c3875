mod buffers;
mod client;
mod clients;
mod listen;
mod ring;

use std::collections::VecDeque;
use std::env;
use std::io::{self, ErrorKind};
use std::mem::ManuallyDrop;
use std::net::{TcpListener, TcpStream};

use anyhow::Context;
use io_uring::cqueue;

use buffers::Buffers;
use client::Client;
use clients::Clients;
use listen::{listen, raise_descriptors};
use ring::{Key, Operation, Ring, accepted, from_token, result};

struct Server {
    ring: Ring,
    buffers: Buffers,
    listener: TcpListener,
    accepting: bool,
    /// There are no descriptors left, and that has been said.
    full: bool,
    /// A timer runs; then it will try again.
    timer: bool,
    clients: Clients,
    /// Those whose receive found no buffer, in the order in which they are to
    /// get one.
    starving: VecDeque<Key>,
}

pub fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    raise_descriptors();
    let ring = Ring::new()?;
    let listener =
        listen(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    let buffers = Buffers::new(ring.uring()).context("cannot lend buffers")?;
    let server = Server {
        ring,
        buffers,
        listener,
        accepting: false,
        full: false,
        timer: false,
        clients: Clients::default(),
        starving: VecDeque::new(),
    };
    // Never dropped: the kernel may be reading what clients own.
    ManuallyDrop::new(server).run()
}

impl Server {
    // ANCHOR: run
    fn run(&mut self) -> anyhow::Result<()> {
        self.accept();
        let mut done = Vec::new();
        loop {
            self.ring.enter()?;
            self.ring.fetch(&mut done);
            for done in done.drain(..) {
                self.completed(&done);
            }
            self.feed();
        }
    }

    fn completed(&mut self, done: &cqueue::Entry) {
        let (operation, key) = from_token(done.user_data());
        match operation {
            Operation::Accept => return self.accepted(done),
            Operation::Timer => {
                self.timer = false;
                return self.accept();
            }
            Operation::Receive | Operation::Send => {}
            Operation::Stop => return, // the receive completes, too
        }
        // The client is here: it leaves after its last completion.
        let Some(client) = self.clients.get(key) else { return };
        if operation == Operation::Send {
            client.sent(result(done), &mut self.buffers);
        } else {
            let filled = self.buffers.filled(done);
            let more = cqueue::more(done.flags());
            client.received(result(done), filled, more, &mut self.buffers);
            if client.is_starving() {
                self.starving.push_back(key);
            }
        }
        client.turn(&mut self.ring, &mut self.buffers);
        if client.is_over() {
            self.remove(key);
        }
    }
    // ANCHOR_END: run

    /// Receives again for those who found no buffer.
    fn feed(&mut self) {
        let most = self.buffers.left().min(self.ring.room());
        for _ in 0..most.min(self.starving.len()) {
            let key = self.starving.pop_front();
            let client = key.and_then(|key| self.clients.get(key));
            if let Some(client) = client.filter(|it| it.is_starving()) {
                client.receive(&mut self.ring);
            }
        }
    }

    fn accept(&mut self) {
        if !self.accepting {
            self.ring.accept(&self.listener);
            self.accepting = true;
        }
    }

    fn accepted(&mut self, done: &cqueue::Entry) {
        self.accepting = cqueue::more(done.flags());
        match result(done) {
            // SAFETY: this completion is an accept's, and is looked at once.
            Ok(fd) => self.add(unsafe { accepted(fd) }),
            Err(e) => match e.kind() {
                // Whoever came has left before we could answer.
                ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset => {}
                _ => return self.pause(&e),
            },
        }
        self.full = false;
        self.accept();
    }

    fn pause(&mut self, e: &io::Error) {
        if !self.full {
            println!("cannot accept for now: {e}");
            self.full = true;
        }
        if !self.timer {
            self.ring.wake_in_a_second();
            self.timer = true;
        }
    }

    fn add(&mut self, stream: TcpStream) {
        let Ok(peer) = stream.peer_addr() else { return }; // reset already
        println!("{peer} came");
        let ring = &mut self.ring;
        self.clients.add(|key| Client::new(key, peer, stream, ring));
    }

    fn remove(&mut self, key: Key) {
        let Some(client) = self.clients.remove(key) else { return };
        match &client.lost {
            None => println!("{} left", client.peer),
            Some(e) => println!("{} is lost: {e}", client.peer),
        }
        drop(client); // closes the socket: a descriptor is free
        self.accept();
    }
}
