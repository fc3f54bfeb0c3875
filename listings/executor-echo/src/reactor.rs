//! Knows who waits for which socket, or for which time. The only place where
//! this program sleeps.
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use polling::{Event, Events, PollMode, Poller};
use socket2::Socket;

use crate::executor::lock;

pub struct Reactor {
    selector: Poller,
    events: Mutex<Events>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sockets: HashMap<usize, Entry>,
    timers: Vec<(Instant, Waker)>,
    /// The key of the last socket. No key is used twice.
    last_key: usize,
}

/// What the reactor knows of a socket.
struct Entry {
    socket: Arc<Socket>,
    /// What the selector reports, in each wait in which it is so.
    watched: Interest,
    /// The task that waits for that report.
    waiting: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Interest {
    Nothing,
    Readable,
    Writable,
}

impl Reactor {
    pub fn new() -> io::Result<Reactor> {
        let (selector, events) = (Poller::new()?, Mutex::new(Events::new()));
        Ok(Reactor { selector, events, state: Mutex::default() })
    }

    // ANCHOR: wait
    /// Wakes those whose socket is ready or whose time has come. If there is
    /// none, and it may sleep, it sleeps until there is.
    pub fn wait(&self, may_sleep: bool) -> io::Result<()> {
        let limit =
            if may_sleep { self.time_left() } else { Some(Duration::ZERO) };
        let mut events = lock(&self.events);
        events.clear();
        self.selector.wait(&mut events, limit)?;

        let mut state = lock(&self.state);
        for event in events.iter() {
            let Some(entry) = state.sockets.get_mut(&event.key) else {
                continue;
            };
            match entry.waiting.take() {
                Some(waker) => waker.wake(),
                // Ready, and nobody waits: to be reported no more.
                None => self.watch(entry, event.key, Interest::Nothing)?,
            }
        }
        let now = Instant::now();
        let over = |timer: &mut (Instant, Waker)| timer.0 <= now;
        for (_, waker) in state.timers.extract_if(.., over) {
            waker.wake();
        }
        Ok(())
    }
    // ANCHOR_END: wait

    // ANCHOR: watch
    /// Tells the selector what to report, if that is something new.
    fn watch(
        &self,
        entry: &mut Entry,
        key: usize,
        interest: Interest,
    ) -> io::Result<()> {
        if entry.watched == interest {
            return Ok(());
        }
        let (event, mode) = match interest {
            // A reset is reported even then. Oneshot: at most once.
            Interest::Nothing => (Event::none(key), PollMode::Oneshot),
            Interest::Readable => (Event::readable(key), PollMode::Level),
            Interest::Writable => (Event::writable(key), PollMode::Level),
        };
        self.selector.modify_with_mode(&*entry.socket, event, mode)?;
        entry.watched = interest;
        Ok(())
    }
    // ANCHOR_END: watch

    /// Until the next timer runs out; `None` where there is none.
    fn time_left(&self) -> Option<Duration> {
        let state = lock(&self.state);
        let next = state.timers.iter().map(|(until, _)| *until).min()?;
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
                lock(&self.state).timers.push(timer);
                asked = true;
            }
            Poll::Pending
        })
        .await;
    }
}

/// A socket that the reactor knows. Its owner waits for one thing at a time.
pub struct Source {
    pub socket: Arc<Socket>,
    pub reactor: Arc<Reactor>,
    key: usize,
}

impl Source {
    pub fn new(socket: Socket, reactor: &Arc<Reactor>) -> io::Result<Source> {
        socket.set_nonblocking(true)?;
        let socket = Arc::new(socket);
        let reactor = reactor.clone();
        let mut state = lock(&reactor.state);
        let key = state.last_key + 1;
        let (event, mode) = (Event::none(key), PollMode::Oneshot);
        // SAFETY: `drop` deletes it from the selector before it is closed.
        unsafe { reactor.selector.add_with_mode(&*socket, event, mode)? };
        let (watched, waiting) = (Interest::Nothing, None);
        let entry = Entry { socket: socket.clone(), watched, waiting };
        state.sockets.insert(key, entry);
        state.last_key = key;
        drop(state);
        Ok(Source { socket, reactor, key })
    }

    /// Waits for one report of the selector.
    pub async fn ready(&mut self, interest: Interest) -> io::Result<()> {
        let mut asked = false;
        poll_fn(|cx| {
            let mut state = lock(&self.reactor.state);
            let entry = state.sockets.get_mut(&self.key);
            let entry = entry.expect("it is there until `drop`");
            if asked && entry.waiting.is_none() {
                return Poll::Ready(Ok(())); // `wait` has taken our waker
            }
            asked = true;
            entry.waiting = Some(cx.waker().clone());
            self.reactor.watch(entry, self.key, interest)?;
            Poll::Pending
        })
        .await
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = self.reactor.selector.delete(&*self.socket);
        // The entry has the other half of the Arc: the socket is closed when
        // both are gone.
        let _entry = lock(&self.reactor.state).sockets.remove(&self.key);
    }
}
