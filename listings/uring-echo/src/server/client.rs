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
    /// What the kernel is sending: its send has not completed.
    sending: Option<Bytes>,
    /// What is to be sent after that, in this order.
    unsent: VecDeque<Bytes>,
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
            sending: None,
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
                let slow = self.is_slow();
                let bytes = Bytes::Shared(filled);
                let bytes = if slow { bytes.own(buffers) } else { bytes };
                self.unsent.push_back(bytes);
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
        let bytes = self.sending.take().expect("it was under way");
        let sent = match result {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => 0,
            Err(e) => {
                self.lose(e);
                0
            }
        };
        let rest = &bytes.get(buffers)[sent..];
        if !rest.is_empty() {
            // Nobody shall miss the shared buffers while this client does not
            // read: take what waits out of them.
            let mut own = rest.to_vec();
            for bytes in self.unsent.drain(..) {
                own.extend_from_slice(bytes.get(buffers));
                bytes.let_go(buffers);
            }
            self.unsent.push_back(Bytes::Own(own));
        }
        bytes.let_go(buffers);
    }

    fn is_slow(&self) -> bool {
        matches!(self.sending, Some(Bytes::Own(_)))
    }
    // ANCHOR_END: sent

    // ANCHOR: turn
    /// Submits what the client's state asks for.
    pub fn turn(&mut self, ring: &mut Ring, buffers: &mut Buffers) {
        if self.lost.is_some() {
            return self.throw_away(buffers);
        }
        if self.sending.is_none()
            && let Some(bytes) = self.unsent.pop_front()
        {
            let flags = match bytes {
                Bytes::Shared(_) => libc::MSG_DONTWAIT, // now, or EAGAIN
                Bytes::Own(_) => libc::MSG_WAITALL,     // when there is room
            };
            let (stream, key) = (&self.stream, self.key);
            // SAFETY: until `sent` is called, `sending` owns them; it moves
            // when the client does, but not the memory that they are in.
            unsafe { ring.send(stream, key, bytes.get(buffers), flags) };
            self.sending = Some(bytes);
        }
        let enough = self.is_slow() || self.unsent.len() > ENOUGH;
        let nothing = !self.is_slow() && self.unsent.is_empty();
        match self.receiving {
            Receiving::UnderWay if enough => {
                ring.stop_receiving(self.key);
                self.receiving = Receiving::Stopping;
            }
            Receiving::Off if nothing && !self.ended => self.receive(ring),
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
        for bytes in self.unsent.drain(..) {
            bytes.let_go(buffers);
        }
    }

    /// Nothing is under way any more: the client may be dropped.
    pub fn is_over(&self) -> bool {
        let done = self.ended && self.unsent.is_empty();
        let idle =
            matches!(self.receiving, Receiving::Off | Receiving::Starving);
        idle && self.sending.is_none() && (done || self.lost.is_some())
    }
    // ANCHOR_END: over
}
