use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

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
    /// What a client sends is read into here, and sent back from here.
    buf: Vec<u8>,
    /// Nobody is accepted until then: there are no descriptors left.
    paused_until: Option<Instant>,
}

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not taken by the kernel yet: only while the
    /// client does not read.
    unsent: Vec<u8>,
}

const LISTENER: usize = 0;
// ANCHOR_END: types

// ANCHOR: run
pub fn run(listener: TcpListener) -> anyhow::Result<()> {
    let mut server = Server {
        selector: Poller::new()?,
        callbacks: HashMap::from([(LISTENER, accept as Callback)]),
        listener,
        clients: HashMap::new(),
        next_key: LISTENER + 1,
        buf: vec![0; 64 * 1024],
        paused_until: None,
    };
    let (interest, mode) = (Event::readable(LISTENER), PollMode::Level);
    // SAFETY: the listener outlives the selector, which is the first field of
    // `Server` and so the first to be dropped.
    unsafe { server.selector.add_with_mode(&server.listener, interest, mode)? };
    let mut events = Events::new();
    loop {
        events.clear();
        let now = Instant::now();
        let limit =
            server.paused_until.map(|t| t.saturating_duration_since(now));
        server.selector.wait(&mut events, limit)?;
        for event in events.iter() {
            let Some(callback) = server.callbacks.get(&event.key) else {
                continue; // closed by an earlier callback of this round
            };
            match callback(&mut server, event.key) {
                Ok(()) => {}
                Err(e) if event.key == LISTENER => return Err(e.into()),
                Err(e) => server.close(event.key, &format!("is lost: {e}"))?,
            }
        }
        if server.paused_until.is_some_and(|t| t <= Instant::now()) {
            server.pause(false)?;
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
// ANCHOR_END: accept

// ANCHOR: echo
fn echo(server: &mut Server, key: usize) -> io::Result<()> {
    let Server { clients, buf, .. } = server;
    let client = clients.get_mut(&key).expect("it is watched");
    match client.stream.read(buf) {
        Ok(0) => return server.close(key, "left"),
        Ok(n) => {
            let sent = client.send(&buf[..n])?;
            client.unsent.extend_from_slice(&buf[sent..n]);
        }
        Err(e) if not_now(&e) => return Ok(()),
        Err(e) => return Err(e),
    }
    if !client.unsent.is_empty() {
        // Full. Wait for room; until then, read no more.
        server.watch(Event::writable(key), flush)?;
    }
    Ok(())
}

fn flush(server: &mut Server, key: usize) -> io::Result<()> {
    let client = server.clients.get_mut(&key).expect("it is watched");
    let sent = client.send(&client.unsent)?;
    client.unsent.drain(..sent);
    if client.unsent.is_empty() {
        client.unsent = Vec::new(); // gives its memory back
        server.watch(Event::readable(key), echo)?;
    }
    Ok(())
}

impl Client {
    /// Sends what the kernel takes now, and says how much it was.
    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        match (&self.stream).write(bytes) {
            Err(e) if not_now(&e) => Ok(0),
            result => result,
        }
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
        // SAFETY: `close` deletes it from the selector before it is dropped,
        // and what is never closed is dropped after the selector.
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
        if let Some(client) = self.clients.get(&key) {
            println!("{} {why}", client.peer);
            self.selector.delete(&client.stream)?;
            self.clients.remove(&key); // dropped: this closes the socket
            self.callbacks.remove(&key);
        }
        if self.paused_until.is_some() {
            self.pause(false)?;
        }
        Ok(())
    }
    // ANCHOR_END: close

    // ANCHOR: pause
    fn pause(&mut self, pause: bool) -> io::Result<()> {
        let a_second = Duration::from_secs(1);
        self.paused_until = pause.then(|| Instant::now() + a_second);
        let interest = Event::new(LISTENER, !pause, false);
        let (listener, mode) = (&self.listener, PollMode::Level);
        self.selector.modify_with_mode(listener, interest, mode)
    }
    // ANCHOR_END: pause
}
