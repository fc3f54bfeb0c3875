//! The reactor of the listing `reactor`, for listeners and streams, for reading
//! and for writing, and without its printing.
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use polling::{Event, Events, Poller};
use socket2::Socket;

use crate::executor::lock;

pub struct Reactor {
    selector: Poller,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// By key: who waits for this socket.
    sockets: HashMap<usize, Waker>,
    timers: Vec<(Instant, Waker)>,
    /// The key of the last socket. No key is used twice.
    last_key: usize,
}

impl Reactor {
    pub fn new() -> io::Result<Reactor> {
        Ok(Reactor { selector: Poller::new()?, waiting: Mutex::default() })
    }

    pub fn is_idle(&self) -> bool {
        let waiting = lock(&self.waiting);
        waiting.sockets.is_empty() && waiting.timers.is_empty()
    }

    /// Sleeps until a socket is ready or a timer has run out, and wakes those
    /// who wait for it.
    pub fn wait(&self) -> io::Result<()> {
        let mut events = Events::new();
        self.selector.wait(&mut events, self.time_left())?;

        let mut waiting = lock(&self.waiting);
        for event in events.iter() {
            if let Some(waker) = waiting.sockets.remove(&event.key) {
                waker.wake();
            }
        }
        let now = Instant::now();
        let over = |timer: &mut (Instant, Waker)| timer.0 <= now;
        for (_, waker) in waiting.timers.extract_if(.., over) {
            waker.wake();
        }
        Ok(())
    }

    /// Until the next timer runs out; `None` where there is none.
    fn time_left(&self) -> Option<Duration> {
        let waiting = lock(&self.waiting);
        let next = waiting.timers.iter().map(|(until, _)| *until).min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }

    pub async fn sleep(&self, duration: Duration) {
        let until = Instant::now() + duration;
        let mut asked = false;
        poll_fn(|cx| {
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            if !asked {
                let timer = (until, cx.waker().clone());
                lock(&self.waiting).timers.push(timer);
                asked = true;
            }
            Poll::Pending
        })
        .await;
    }
}

/// A socket that the selector knows by its key.
pub struct Source {
    pub socket: Socket,
    pub reactor: Arc<Reactor>,
    key: usize,
}

/// What a task waits for.
#[derive(Clone, Copy)]
pub enum Interest {
    Readable,
    Writable,
}

impl Source {
    pub fn new(socket: Socket, reactor: &Arc<Reactor>) -> io::Result<Source> {
        socket.set_nonblocking(true)?;
        let reactor = reactor.clone();
        let key = {
            let mut waiting = lock(&reactor.waiting);
            waiting.last_key += 1;
            waiting.last_key
        };
        // SAFETY: `drop` deletes it from the selector before it is closed.
        unsafe { reactor.selector.add(&socket, Event::none(key))? };
        Ok(Source { socket, reactor, key })
    }

    // ANCHOR: call
    /// Makes a call on the socket. As long as the call would have to wait,
    /// this task waits, and then makes it again.
    pub async fn call<T>(
        &mut self,
        interest: Interest,
        mut call: impl FnMut(&Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            match call(&self.socket) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    self.ready(interest).await?;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
    // ANCHOR_END: call

    /// Waits for one report of the selector.
    async fn ready(&mut self, interest: Interest) -> io::Result<()> {
        let interest = match interest {
            Interest::Readable => Event::readable(self.key),
            Interest::Writable => Event::writable(self.key),
        };
        let mut asked = false;
        poll_fn(|cx| {
            let mut waiting = lock(&self.reactor.waiting);
            if asked && !waiting.sockets.contains_key(&self.key) {
                return Poll::Ready(Ok(())); // `wait` has taken our waker
            }
            waiting.sockets.insert(self.key, cx.waker().clone());
            if !asked {
                asked = true;
                self.reactor.selector.modify(&self.socket, interest)?;
            }
            Poll::Pending
        })
        .await
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = self.reactor.selector.delete(&self.socket);
        // A wait that was dropped may have left its waker.
        let _waker = lock(&self.reactor.waiting).sockets.remove(&self.key);
    }
}
