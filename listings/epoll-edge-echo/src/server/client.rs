use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::net::{SocketAddr, TcpStream};

use rustix::event::epoll::EventFlags;

// ANCHOR: client
pub struct Client {
    stream: TcpStream,
    pub peer: SocketAddr,
    /// Read from the client, and not taken by the kernel yet: only while the
    /// client does not read.
    unsent: Vec<u8>,
    /// What the kernel has reported, and no call has used up since then.
    readable: bool,
    writable: bool,
    /// The end of the stream has come, or an urgent byte, at which a read
    /// stops: a short read does not mean that nothing is left.
    more_behind: bool,
    /// Whether it stands in the queue of those who have more.
    pub in_queue: bool,
}
// ANCHOR_END: client

/// What happens to a client after its turn.
pub enum Next {
    Wait,
    More,
    Close,
}

impl Client {
    pub fn new(stream: TcpStream, peer: SocketAddr) -> Client {
        Client {
            stream,
            peer,
            unsent: Vec::new(),
            readable: false,
            writable: true,
            more_behind: false,
            in_queue: false,
        }
    }

    // ANCHOR: remember
    /// Remembers what the kernel says, for it will not say so again.
    pub fn remember(&mut self, flags: EventFlags) {
        let over = EventFlags::HUP | EventFlags::ERR;
        let behind = EventFlags::RDHUP | EventFlags::PRI | over;
        self.more_behind |= flags.intersects(behind);
        self.readable |= flags.intersects(EventFlags::IN | behind);
        self.writable |= flags.intersects(EventFlags::OUT | over);
    }
    // ANCHOR_END: remember

    // ANCHOR: turn
    /// One read and one write at most, so that nobody waits for a client who
    /// sends without end. `More`: the kernel has reported something that is
    /// not used up.
    pub fn turn(&mut self, buf: &mut [u8]) -> io::Result<Next> {
        if !self.unsent.is_empty() {
            if !self.writable {
                return Ok(Next::Wait); // and read no more until there is room
            }
            let mut unsent = mem::take(&mut self.unsent);
            let sent = self.send(&unsent)?;
            unsent.drain(..sent);
            if !unsent.is_empty() {
                self.unsent = unsent; // else its memory is given back
            }
        } else if self.readable {
            let n = match self.stream.read(buf) {
                Ok(0) => return Ok(Next::Close),
                Ok(n) => n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {
                    return Ok(Next::More);
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    (self.readable, self.more_behind) = (false, false);
                    return Ok(Next::Wait);
                }
                Err(e) => return Err(e),
            };
            // A short read has emptied the buffer (man 7 epoll, the last
            // question), unless something else stands behind the bytes.
            self.readable = n == buf.len() || self.more_behind;
            let sent = self.send(&buf[..n])?;
            self.unsent.extend_from_slice(&buf[sent..n]);
        }
        let more =
            if self.unsent.is_empty() { self.readable } else { self.writable };
        Ok(if more { Next::More } else { Next::Wait })
    }
    // ANCHOR_END: turn

    /// Sends what the kernel takes now, and says how much it was.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream.write(bytes) {
            Err(e) if e.kind() == ErrorKind::Interrupted => Ok(0),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                self.writable = false;
                Ok(0)
            }
            result => result,
        }
    }
}
