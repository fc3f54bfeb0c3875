//! Program 4 of the notes, mended: one thread asks the listener and every
//! client in turn, and no call waits. It loses nothing when a client does not
//! read. It still uses a whole core when nobody talks: that is the model.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    listener.set_nonblocking(true)?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: rounds
    let mut clients: Vec<Client> = Vec::new();
    let mut buf = vec![0; 64 * 1024]; // one for all: a turn leaves it free
    let mut accepting = true;
    loop {
        for _ in 0..128 {
            match accept(&listener) {
                Ok(client) => {
                    clients.push(client);
                    accepting = true;
                }
                Err(e) if gone_again(&e) => {}
                Err(e) => {
                    if accepting && !not_now(&e) {
                        println!("cannot accept for now: {e}");
                        accepting = false; // said once, not in every round
                    }
                    break;
                }
            }
        }
        clients.retain_mut(|client| client.stays_after_its_turn(&mut buf));
    }
    // ANCHOR_END: rounds
}

// ANCHOR: accept
fn accept(listener: &TcpListener) -> io::Result<Client> {
    let (stream, peer) = listener.accept()?;
    stream.set_nonblocking(true)?; // on Linux it begins as a blocking one
    println!("{peer} came");
    Ok(Client { stream, peer, unsent: Vec::new() })
}
// ANCHOR_END: accept

// ANCHOR: client
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    /// Read from the client, and not yet sent back.
    unsent: Vec<u8>,
}
// ANCHOR_END: client

impl Client {
    // ANCHOR: turn
    fn stays_after_its_turn(&mut self, buf: &mut [u8]) -> bool {
        match self.turn(buf) {
            Ok(true) => return true,
            Ok(false) => println!("{} left", self.peer),
            Err(e) if not_now(&e) => return true,
            Err(e) => println!("{} is lost: {e}", self.peer),
        }
        false
    }

    /// One read or one write, or one of each, and the next client has its turn.
    /// It reads only when nothing is owed: a client that does not take its
    /// bytes back is asked for no more of them. `false`: the client has ended,
    /// and has everything.
    fn turn(&mut self, buf: &mut [u8]) -> io::Result<bool> {
        if !self.unsent.is_empty() {
            let n = self.stream.write(&self.unsent)?; // may take only a part
            self.unsent = self.unsent.split_off(n);
            return Ok(true);
        }
        let n = self.stream.read(buf)?;
        if n == 0 {
            return Ok(false);
        }
        let sent = match self.stream.write(&buf[..n]) {
            Err(e) if not_now(&e) => 0,
            result => result?,
        };
        self.unsent.extend_from_slice(&buf[sent..n]);
        Ok(true)
    }
    // ANCHOR_END: turn
}

// ANCHOR: errors
fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Only for `accept`: whoever came has left before we could answer.
fn gone_again(e: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionReset)
}
// ANCHOR_END: errors
