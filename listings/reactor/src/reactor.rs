//! The reactor: who waits for what, and the one place where the thread sleeps.
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use polling::{Event, Events, Poller};

use crate::executor::lock;

// ANCHOR: types
pub struct Reactor {
    selector: Poller,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// By key: who waits for this socket.
    sockets: HashMap<usize, Waker>,
    timers: Vec<(Instant, Waker)>,
}
// ANCHOR_END: types

impl Reactor {
    pub fn new() -> io::Result<Reactor> {
        Ok(Reactor { selector: Poller::new()?, waiting: Mutex::default() })
    }

    pub fn is_idle(&self) -> bool {
        let waiting = lock(&self.waiting);
        waiting.sockets.is_empty() && waiting.timers.is_empty()
    }

    // ANCHOR: wait
    /// Sleeps until a socket is ready or a timer has run out, and wakes those
    /// who wait for it.
    pub fn wait(&self) -> io::Result<()> {
        let mut events = Events::new();
        self.selector.wait(&mut events, self.time_left())?;

        let mut waiting = lock(&self.waiting);
        for event in events.iter() {
            println!("reactor: key {} is ready", event.key);
            if let Some(waker) = waiting.sockets.remove(&event.key) {
                waker.wake();
            }
        }
        let now = Instant::now();
        let over = |timer: &mut (Instant, Waker)| timer.0 <= now;
        for (_, waker) in waiting.timers.extract_if(.., over) {
            println!("reactor: a timer has run out");
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
    // ANCHOR_END: wait

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

// ANCHOR: source
/// A socket that the selector knows by its key.
pub struct Source {
    pub stream: TcpStream,
    key: usize,
    reactor: Arc<Reactor>,
}

impl Source {
    pub fn new(
        stream: TcpStream,
        key: usize,
        reactor: Arc<Reactor>,
    ) -> io::Result<Source> {
        stream.set_nonblocking(true)?;
        // SAFETY: `drop` deletes it from the selector before it is closed.
        unsafe { reactor.selector.add(&stream, Event::none(key))? };
        Ok(Source { stream, key, reactor })
    }

    /// Waits until the socket can be read.
    pub async fn readable(&self) -> io::Result<()> {
        let mut asked = false;
        poll_fn(|cx| {
            let mut waiting = lock(&self.reactor.waiting);
            if asked && !waiting.sockets.contains_key(&self.key) {
                return Poll::Ready(Ok(())); // `wait` has taken our waker
            }
            waiting.sockets.insert(self.key, cx.waker().clone());
            if !asked {
                asked = true;
                // For one report; after it the selector is silent again.
                let interest = Event::readable(self.key);
                self.reactor.selector.modify(&self.stream, interest)?;
            }
            Poll::Pending
        })
        .await
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // It fails only for what the selector does not know.
        let _ = self.reactor.selector.delete(&self.stream);
    }
}
// ANCHOR_END: source
