//! One client: what it has sent, and what it waits for.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use crate::fault::Fault;
use crate::pattern::Pattern;

pub struct Connection {
    pub stream: TcpStream,
    /// Where in the pattern its first byte stands.
    start: u64,
    /// How many bytes it has been asked to send, has sent, and has got back.
    asked: u64,
    sent: u64,
    received: u64,
    /// When each request that is under way was due, in nanoseconds.
    due: VecDeque<u64>,
    /// Whether it waits for room to send.
    pub stuck: bool,
}

impl Connection {
    pub fn new(stream: TcpStream, number: usize) -> Connection {
        Connection {
            stream,
            // Far from that of its neighbours.
            start: number as u64 * 7919,
            asked: 0,
            sent: 0,
            received: 0,
            due: VecDeque::new(),
            stuck: false,
        }
    }

    /// How many requests have no answer yet.
    pub fn under_way(&self) -> usize {
        self.due.len()
    }

    /// One more request of `size` bytes, which was due at that time.
    pub fn ask(&mut self, size: usize, due: u64) {
        self.asked += size as u64;
        self.due.push_back(due);
    }

    /// Sends what has been asked for, as far as the kernel takes it: one
    /// call, unless the buffers are full.
    pub fn send(&mut self, pattern: &Pattern) -> Result<(), Fault> {
        while self.sent < self.asked {
            let left = (self.asked - self.sent).min(LONGEST as u64) as usize;
            let bytes = pattern.at(self.start + self.sent, left);
            match self.stream.write(bytes) {
                Ok(n) => self.sent += n as u64,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    self.stuck = true;
                    return Ok(());
                }
                Err(e) => return Err(Fault::broken(&e)),
            }
        }
        self.stuck = false;
        Ok(())
    }

    // ANCHOR: receive
    /// Reads once, and compares each byte. `answered` gets the due time of
    /// each request whose last byte has come. Returns how many there were.
    pub fn receive(
        &mut self,
        buf: &mut [u8],
        pattern: &Pattern,
        size: usize,
        mut answered: impl FnMut(u64),
    ) -> Result<usize, Fault> {
        let n = match self.stream.read(buf) {
            Ok(0) => return Err(Fault::Ended),
            Ok(n) => n,
            Err(e) => match e.kind() {
                ErrorKind::Interrupted | ErrorKind::WouldBlock => return Ok(0),
                _ => return Err(Fault::broken(&e)),
            },
        };
        if buf[..n] != *pattern.at(self.start + self.received, n)
            || self.received + n as u64 > self.sent
        {
            return Err(Fault::Wrong);
        }
        let size = size as u64;
        let before = self.received / size;
        self.received += n as u64;
        let came = (self.received / size - before) as usize;
        // There is a time for each request that was sent.
        self.due.drain(..came).for_each(&mut answered);
        Ok(came)
    }
    // ANCHOR_END: receive
}

/// What is read or written at once, at most.
pub const LONGEST: usize = 64 * 1024;
