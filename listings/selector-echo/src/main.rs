//! Program 5 of the notes, mended: one thread, many clients, on every system.
//! A selector says which sockets are ready; beside each socket stands the
//! function to call then.
use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::Context;
use polling::{Event, Events, PollMode, Poller};

// ANCHOR: types
/// What to call when a socket is ready: `data` in Python's `selectors`.
type Callback = fn(&mut Server, key: usize) -> io::Result<()>;

struct Server {
    selector: Poller,
    callbacks: HashMap<usize, Callback>,
    listener: TcpListener,
    clients: HashMap<usize, Client>,
    /// The key of the next client. No key is used twice.
    next_key: usize,
    /// Out of descriptors: nobody is accepted until a client has left.
    paused: bool,
}

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}

const LISTENER: usize = 0;
// ANCHOR_END: types

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    run(listener)
}

// ANCHOR: run
fn run(listener: TcpListener) -> anyhow::Result<()> {
    listener.set_nonblocking(true)?;
    let mut server = Server {
        selector: Poller::new()?,
        callbacks: HashMap::from([(LISTENER, accept as Callback)]),
        listener,
        clients: HashMap::new(),
        next_key: LISTENER + 1,
        paused: false,
    };
    let (interest, mode) = (Event::readable(LISTENER), PollMode::Level);
    // SAFETY: the listener lives as long as the selector that watches it.
    unsafe {
        server.selector.add_with_mode(&server.listener, interest, mode)?;
    }
    let mut events = Events::new();
    loop {
        events.clear();
        let limit = server.paused.then_some(Duration::from_secs(1));
        server.selector.wait(&mut events, limit)?;
        for event in events.iter() {
            // None: an earlier callback of this round has closed it.
            if let Some(callback) = server.callbacks.get(&event.key)
                && let Err(e) = callback(&mut server, event.key)
            {
                server.close(event.key, &format!("is lost: {e}"))?;
            }
        }
        if server.paused && events.is_empty() {
            server.pause(false)?; // a second has passed: try again
        }
    }
}
// ANCHOR_END: run

// ANCHOR: accept
fn accept(server: &mut Server, _: usize) -> io::Result<()> {
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
// ANCHOR_END: accept

// ANCHOR: echo
fn echo(server: &mut Server, key: usize) -> io::Result<()> {
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
        server.watch(Event::writable(key), flush)?;
    }
    Ok(())
}

fn flush(server: &mut Server, key: usize) -> io::Result<()> {
    let client = server.clients.get_mut(&key).expect("it is watched");
    if client.send()? {
        server.watch(Event::readable(key), echo)?;
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
// ANCHOR_END: echo

fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

impl Server {
    // ANCHOR: add
    fn add(&mut self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let key = self.next_key;
        let (interest, mode) = (Event::readable(key), PollMode::Level);
        // SAFETY: `close` takes the stream out of the selector before it drops.
        unsafe { self.selector.add_with_mode(&stream, interest, mode)? };
        let unsent = Vec::new();
        let client = Client { stream, peer, unsent };
        self.clients.insert(key, client);
        self.callbacks.insert(key, echo);
        self.next_key += 1;
        Ok(())
    }
    // ANCHOR_END: add

    // ANCHOR: watch
    fn watch(&mut self, interest: Event, callback: Callback) -> io::Result<()> {
        let stream = &self.clients[&interest.key].stream;
        self.selector.modify_with_mode(stream, interest, PollMode::Level)?;
        self.callbacks.insert(interest.key, callback);
        Ok(())
    }
    // ANCHOR_END: watch

    // ANCHOR: close
    fn close(&mut self, key: usize, why: &str) -> io::Result<()> {
        self.callbacks.remove(&key);
        if let Some(client) = self.clients.remove(&key) {
            println!("{} {why}", client.peer);
            self.selector.delete(&client.stream)?; // and then close: drop
        }
        if self.paused {
            self.pause(false)?;
        }
        Ok(())
    }
    // ANCHOR_END: close

    // ANCHOR: pause
    fn pause(&mut self, paused: bool) -> io::Result<()> {
        self.paused = paused;
        let interest = Event::new(LISTENER, !paused, false);
        self.selector.modify_with_mode(
            &self.listener,
            interest,
            PollMode::Level,
        )
    }
    // ANCHOR_END: pause
}
