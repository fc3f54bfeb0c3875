//! One client: what has come from it, and what is under way for it.
use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::buffers::{Buffers, Bytes, Filled};
use super::ring::{Key, Ring};

/// So many buffers may wait to be sent before a client is not received from.
const ENOUGH: usize = 16;

// ANCHOR: types
pub struct Client {
    pub key: Key,
    pub peer: SocketAddr,
    stream: TcpStream,
    receiving: Receiving,
    /// Received, and to be sent in this order, one at a time.
    unsent: VecDeque<Bytes>,
    /// How much of the first has been sent, ...
    offset: usize,
    /// ... and whether the kernel is about to send more of it.
    sending: bool,
    ended: bool,
    pub lost: Option<io::Error>,
}

#[derive(PartialEq)]
enum Receiving {
    UnderWay,
    /// Told to stop; it will complete once more.
    Stopping,
    /// Ended for want of buffers.
    Starving,
    Off,
}
// ANCHOR_END: types

impl Client {
    pub fn new(
        key: Key,
        peer: SocketAddr,
        stream: TcpStream,
        ring: &mut Ring,
    ) -> Client {
        ring.receive(&stream, key);
        Client {
            key,
            peer,
            stream,
            receiving: Receiving::UnderWay,
            unsent: VecDeque::new(),
            offset: 0,
            sending: false,
            ended: false,
            lost: None,
        }
    }

    /// A receive has completed, and goes on if there is `more`.
    pub fn received(
        &mut self,
        result: io::Result<usize>,
        filled: Option<Filled>,
        more: bool,
        buffers: &mut Buffers,
    ) {
        if !more {
            self.receiving = Receiving::Off;
        }
        match (result, filled) {
            (Ok(1..), Some(filled)) => {
                self.unsent.push_back(Bytes::Shared(filled));
                if self.is_slow() {
                    self.keep(self.unsent.len() - 1, buffers);
                }
            }
            (Ok(_), filled) => {
                self.ended = true;
                filled.into_iter().for_each(|it| buffers.give_back(it));
            }
            (Err(e), _) => match e.raw_os_error() {
                Some(libc::ENOBUFS) => self.receiving = Receiving::Starving,
                Some(libc::ECANCELED) => {} // we have stopped it
                _ => self.lose(e),
            },
        }
    }

    // ANCHOR: sent
    /// A send has completed.
    pub fn sent(&mut self, result: io::Result<usize>, buffers: &mut Buffers) {
        self.sending = false;
        match result {
            Ok(n) => self.offset += n,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            Err(e) => return self.lose(e),
        }
        let first = self.unsent.front().expect("it was being sent");
        if self.offset < first.get(buffers).len() {
            return self.keep(0, buffers);
        }
        self.offset = 0;
        let first = self.unsent.pop_front();
        first.into_iter().for_each(|bytes| bytes.let_go(buffers));
    }

    /// Copies what waits, from this place in the queue on, out of the shared
    /// buffers: nobody else shall miss them while this client does not read.
    fn keep(&mut self, from: usize, buffers: &mut Buffers) {
        let mut own = Vec::new();
        for bytes in self.unsent.drain(from..) {
            own.extend_from_slice(bytes.get(buffers));
            bytes.let_go(buffers);
        }
        self.unsent.push_back(Bytes::Own(own));
    }

    fn is_slow(&self) -> bool {
        matches!(self.unsent.front(), Some(Bytes::Own(_)))
    }
    // ANCHOR_END: sent

    // ANCHOR: turn
    /// Submits what the client's state asks for.
    pub fn turn(&mut self, ring: &mut Ring, buffers: &mut Buffers) {
        if self.lost.is_some() {
            return self.throw_away(buffers);
        }
        if !self.sending
            && let Some(first) = self.unsent.front()
        {
            let flags = match first {
                Bytes::Shared(_) => libc::MSG_DONTWAIT, // now, or EAGAIN
                Bytes::Own(_) => libc::MSG_WAITALL,     // when there is room
            };
            let bytes = &first.get(buffers)[self.offset..];
            // SAFETY: they stay the first of `unsent` until `sent` is called,
            // and nothing moves them or writes into them.
            unsafe { ring.send(&self.stream, self.key, bytes, flags) };
            self.sending = true;
        }
        match self.receiving {
            Receiving::UnderWay
                if self.is_slow() || self.unsent.len() > ENOUGH =>
            {
                ring.stop_receiving(self.key);
                self.receiving = Receiving::Stopping;
            }
            Receiving::Off if !self.ended && self.unsent.is_empty() => {
                self.receive(ring);
            }
            _ => {}
        }
    }

    pub fn receive(&mut self, ring: &mut Ring) {
        ring.receive(&self.stream, self.key);
        self.receiving = Receiving::UnderWay;
    }
    // ANCHOR_END: turn

    pub fn is_starving(&self) -> bool {
        self.receiving == Receiving::Starving
    }

    // ANCHOR: over
    fn lose(&mut self, e: io::Error) {
        // What is under way completes now.
        let _ = self.stream.shutdown(Shutdown::Both);
        self.lost.get_or_insert(e);
    }

    fn throw_away(&mut self, buffers: &mut Buffers) {
        let first = usize::from(self.sending); // the kernel still reads it
        for bytes in self.unsent.drain(first..) {
            bytes.let_go(buffers);
        }
    }

    /// Nothing is under way any more: the client may be dropped.
    pub fn is_over(&self) -> bool {
        let done = self.ended && self.unsent.is_empty();
        let idle =
            matches!(self.receiving, Receiving::Off | Receiving::Starving);
        idle && !self.sending && (done || self.lost.is_some())
    }
    // ANCHOR_END: over
}
