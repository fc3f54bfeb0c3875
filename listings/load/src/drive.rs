//! Drives one server for one slice of time.

mod closed;
mod open;

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, Event, EventData, EventFlags};
use rustix::process::getpid;

use crate::connection::{Connection, LONGEST};
use crate::fault::Fault;
use crate::pattern::Pattern;
use crate::process;
use crate::subject::{Slice, Subject};

/// What each connection does.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// The bytes of a request, and of its answer.
    pub size: usize,
    /// How many requests of a connection may be under way at once.
    pub depth: usize,
    /// Requests a second, over all connections. `None`: each answer is
    /// followed by the next request at once (a closed loop).
    pub rate: Option<f64>,
}

/// How long nothing at all may come while answers are waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The parts that all servers use in turn.
pub struct Driver {
    pub(super) talk: Talk,
    pub(super) pattern: Pattern,
    pub(super) buf: Vec<u8>,
    pub(super) events: Vec<Event>,
    pub(super) start: Instant,
    /// How long the answers of the last slice took, in nanoseconds.
    pub(super) latency: Histogram<u64>,
}

/// No answer that is waited for takes longer: a minute.
const LONGEST_WAIT: u64 = 60_000_000_000;

/// An empty collection of times, in nanoseconds.
pub fn latencies() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_WAIT, 3)
        .expect("the bounds are in order")
}

impl Driver {
    /// For requests of that kind.
    pub fn new(talk: Talk) -> Driver {
        Driver {
            talk,
            pattern: Pattern::new(LONGEST),
            buf: vec![0; LONGEST],
            events: Vec::with_capacity(1024),
            start: Instant::now(),
            latency: latencies(),
        }
    }

    /// Drives a server for `slice`, and waits for the last answers.
    ///
    /// # Errors
    ///
    /// What the server did wrong. The connections can be used no more.
    pub fn drive(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
    ) -> Result<Slice, Fault> {
        let generator = || process::cpu_time(getpid()).unwrap_or_default();
        self.latency.reset();
        let (server, own) = (subject.cpu_time(), generator());
        let begin = Instant::now();
        let requests = match self.talk.rate {
            None => self.closed(subject, slice)?,
            Some(rate) => self.open(subject, slice, rate)?,
        };
        let server = subject.cpu_time().zip(server);
        Ok(Slice {
            requests,
            elapsed: begin.elapsed(),
            server: server.map(|(b, a)| b.saturating_sub(a)),
            generator: generator().saturating_sub(own),
        })
    }

    /// How long the answers of the last slice took, in nanoseconds.
    pub fn latency(&self) -> &Histogram<u64> {
        &self.latency
    }

    /// Waits for answers, after the end of the slice too. It is a fault of the
    /// server if then, for as long as [`PATIENCE`], none comes.
    pub(super) fn wait(
        &mut self,
        subject: &Subject,
        end: u64,
    ) -> Result<(), Fault> {
        let until = self.now().max(end) + nanos(PATIENCE);
        self.wait_until(subject, until)?;
        if self.events.is_empty() && self.now() >= until {
            let silent = subject.active.iter().filter(|c| c.under_way() > 0);
            return Err(Fault::Silent(silent.count()));
        }
        Ok(())
    }

    /// Waits for events, but not longer than until then.
    pub(super) fn wait_until(
        &mut self,
        subject: &Subject,
        until: u64,
    ) -> Result<(), Fault> {
        let left = until.saturating_sub(self.now());
        let limit = Timespec {
            tv_sec: (left / 1_000_000_000) as i64,
            tv_nsec: (left % 1_000_000_000) as i64,
        };
        self.events.clear();
        let room = spare_capacity(&mut self.events);
        match epoll::wait(&subject.epoll, room, Some(&limit)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(e) => Err(Fault::broken(&e.into())),
        }
    }

    pub(super) fn now(&self) -> u64 {
        nanos(self.start.elapsed())
    }
}

/// Sends what there is to send. Only while it does not fit, the epoll also
/// tells when there is room.
pub(super) fn send(
    epoll: &impl std::os::fd::AsFd,
    connection: &mut Connection,
    key: usize,
    pattern: &Pattern,
) -> Result<(), Fault> {
    let was_stuck = connection.stuck;
    connection.send(pattern)?;
    if connection.stuck != was_stuck {
        let mut interest = EventFlags::IN;
        interest.set(EventFlags::OUT, connection.stuck);
        let key = EventData::new_u64(key as u64);
        epoll::modify(epoll, &connection.stream, key, interest)
            .map_err(|e| Fault::broken(&e.into()))?;
    }
    Ok(())
}

pub(super) fn record(latency: &mut Histogram<u64>, nanos: u64) {
    latency.saturating_record(nanos.max(1));
}

pub(super) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
