use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use work::Work;

pub struct Client {
    pub stream: TcpStream,
    pub peer: SocketAddr,
    /// Read from the client, and not taken by the kernel yet: only while the
    /// client does not read.
    unsent: Vec<u8>,
}

/// What happens to a client after its turn.
pub enum Next {
    Wait,
    Close,
}

impl Client {
    pub fn new(stream: TcpStream, peer: SocketAddr) -> Client {
        Client { stream, peer, unsent: Vec::new() }
    }

    pub fn is_stuck(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// One read and one write, so that nobody waits for a client who sends
    /// without end. If more has come, the epoll says so again.
    pub fn turn(&mut self, buf: &mut [u8], work: Work) -> io::Result<Next> {
        if self.is_stuck() {
            let sent = self.send(&self.unsent)?;
            self.unsent.drain(..sent);
            if self.unsent.is_empty() {
                self.unsent = Vec::new(); // gives the memory back
            }
            return Ok(Next::Wait);
        }
        let n = match (&self.stream).read(buf) {
            Ok(0) => return Ok(Next::Close),
            Ok(n) => n,
            Err(e) if not_now(&e) => return Ok(Next::Wait),
            Err(e) => return Err(e),
        };
        work.run();
        let sent = self.send(&buf[..n])?;
        self.unsent.extend_from_slice(&buf[sent..n]);
        Ok(Next::Wait)
    }

    /// Sends what the kernel takes now, and says how much it was.
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
