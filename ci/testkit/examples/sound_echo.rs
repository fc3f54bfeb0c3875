//! An echo server that does everything right, with one thread and a selector:
//! what the suite must accept.

use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use polling::{Event, Events, PollMode, Poller};

/// The key of the listener; clients have others.
const LISTENER: usize = 0;

struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    unsent: Vec<u8>,
}

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_owned());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    listener.set_nonblocking(true)?;
    // Declared after the listener and so dropped before it.
    let poller = Poller::new()?;
    let interest = Event::readable(LISTENER);
    // SAFETY: the listener outlives the poller.
    unsafe { poller.add_with_mode(&listener, interest, PollMode::Level)? };

    let mut clients: HashMap<usize, Client> = HashMap::new();
    let mut next = LISTENER + 1;
    let mut buf = vec![0; 64 * 1024];
    let mut events = Events::new();
    loop {
        events.clear();
        poller.wait(&mut events, None)?;
        for event in events.iter() {
            if event.key != LISTENER {
                let Some(client) = clients.get_mut(&event.key) else {
                    continue;
                };
                let interest = match client.turn(&mut buf) {
                    Ok(true) if client.unsent.is_empty() => {
                        Event::readable(event.key)
                    }
                    Ok(true) => Event::writable(event.key),
                    end => {
                        match end {
                            Ok(_) => println!("{} left", client.peer),
                            Err(e) => println!("{} left: {e}", client.peer),
                        }
                        poller.delete(&client.stream)?;
                        clients.remove(&event.key);
                        continue;
                    }
                };
                let mode = PollMode::Level;
                poller.modify_with_mode(&client.stream, interest, mode)?;
                continue;
            }
            match listener.accept() {
                Ok((stream, peer)) => {
                    println!("{peer} came");
                    stream.set_nonblocking(true)?;
                    let (interest, mode) =
                        (Event::readable(next), PollMode::Level);
                    // SAFETY: it is deleted before it is dropped.
                    unsafe { poller.add_with_mode(&stream, interest, mode)? };
                    let unsent = Vec::new();
                    clients.insert(next, Client { stream, peer, unsent });
                    next += 1;
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                // Out of descriptors: the caller waits, and the listener stays
                // ready.
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

impl Client {
    /// Sends what is left, or reads and sends. `false`: it has ended.
    fn turn(&mut self, buf: &mut [u8]) -> io::Result<bool> {
        let turn = if self.unsent.is_empty() {
            self.stream.read(buf).and_then(|n| {
                self.unsent.extend_from_slice(&buf[..n]);
                if n == 0 { Ok(false) } else { self.send() }
            })
        } else {
            self.send()
        };
        match turn {
            Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(true),
            Err(e) if e.kind() == ErrorKind::Interrupted => Ok(true),
            turn => turn,
        }
    }

    fn send(&mut self) -> io::Result<bool> {
        let n = self.stream.write(&self.unsent)?;
        self.unsent.drain(..n);
        if self.unsent.is_empty() {
            self.unsent = Vec::new(); // most clients are silent for long
        }
        Ok(true)
    }
}
