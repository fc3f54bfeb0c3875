//! Drives one server for one slice of time.

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

/// How long the last answers of a slice may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The parts that all servers use in turn.
pub struct Driver {
    talk: Talk,
    pattern: Pattern,
    buf: Vec<u8>,
    events: Vec<Event>,
    start: Instant,
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
        }
    }

    /// Drives a server for `slice`, and waits for the last answers. Where
    /// `warm` is set, nothing of it is kept.
    ///
    /// # Errors
    ///
    /// What the server did wrong. The connections can be used no more.
    pub fn drive(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
        warm: bool,
    ) -> Result<(), Fault> {
        let generator = || process::cpu_time(getpid()).unwrap_or_default();
        let (server, own) = (subject.cpu_time(), generator());
        let begin = Instant::now();
        let mut latency = subject.latency.clone();
        let requests = match self.talk.rate {
            None => self.closed(subject, slice, &mut latency)?,
            Some(rate) => self.open(subject, slice, rate, &mut latency)?,
        };
        let slice = Slice {
            requests,
            elapsed: begin.elapsed(),
            server: subject.cpu_time().zip(server).map(|(b, a)| b - a),
            generator: generator() - own,
        };
        if !warm {
            subject.latency = latency;
            subject.slices.push(slice);
        }
        Ok(())
    }

    /// Each answer is followed by the next request, until the time is over.
    fn closed(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
        latency: &mut Histogram<u64>,
    ) -> Result<u64, Fault> {
        let begin = self.now();
        let end = begin + nanos(slice);
        let (mut asked, mut answered) = (0, 0);
        for connection in &mut subject.active {
            for _ in 0..self.talk.depth {
                connection.ask(self.talk.size, begin);
                asked += 1;
            }
            connection.send(&self.pattern)?;
        }
        while answered < asked {
            self.wait(subject, end + nanos(PATIENCE))?;
            for event in &self.events {
                let key = event.data.u64() as usize;
                let connection = &mut subject.active[key];
                let before = connection.under_way();
                let now = nanos(self.start.elapsed());
                connection.receive(
                    &mut self.buf,
                    &self.pattern,
                    self.talk.size,
                    |due| record(latency, now - due),
                )?;
                let came = before - connection.under_way();
                answered += came;
                if now < end {
                    for _ in 0..came {
                        connection.ask(self.talk.size, now);
                        asked += 1;
                    }
                }
                send(&subject.epoll, connection, key, &self.pattern)?;
            }
        }
        Ok(answered as u64)
    }

    /// Requests are due at a fixed rate, one connection after another. What
    /// is due while a connection has no room for it is sent later; its time
    /// runs from when it was due.
    fn open(
        &mut self,
        subject: &mut Subject,
        slice: Duration,
        rate: f64,
        latency: &mut Histogram<u64>,
    ) -> Result<u64, Fault> {
        let begin = self.now();
        let total = (rate * slice.as_secs_f64()).round().max(1.0) as usize;
        let due = |n: usize| begin + (n as f64 * 1e9 / rate) as u64;
        let active = subject.active.len();
        // The request of each connection that is sent next; its number among
        // all requests.
        let mut next: Vec<usize> = (0..active).collect();
        let (mut came_due, mut answered) = (0, 0);
        while answered < total {
            let now = self.now();
            while came_due < total && due(came_due) <= now {
                let key = came_due % active;
                came_due += 1;
                let connection = &mut subject.active[key];
                if connection.under_way() < self.talk.depth {
                    connection.ask(self.talk.size, due(next[key]));
                    next[key] += active;
                    send(&subject.epoll, connection, key, &self.pattern)?;
                }
            }
            let until = if came_due < total {
                due(came_due)
            } else {
                due(total) + nanos(PATIENCE)
            };
            self.wait_until(subject, until, came_due == total)?;
            for event in &self.events {
                let key = event.data.u64() as usize;
                let connection = &mut subject.active[key];
                let before = connection.under_way();
                let now = nanos(self.start.elapsed());
                connection.receive(
                    &mut self.buf,
                    &self.pattern,
                    self.talk.size,
                    |due| record(latency, now.saturating_sub(due)),
                )?;
                answered += before - connection.under_way();
                while connection.under_way() < self.talk.depth
                    && next[key] < came_due
                {
                    connection.ask(self.talk.size, due(next[key]));
                    next[key] += active;
                }
                send(&subject.epoll, connection, key, &self.pattern)?;
            }
        }
        Ok(answered as u64)
    }

    /// Waits for events. It is a fault of the server if there is none until
    /// then.
    fn wait(&mut self, subject: &Subject, until: u64) -> Result<(), Fault> {
        self.wait_until(subject, until, true)
    }

    fn wait_until(
        &mut self,
        subject: &Subject,
        until: u64,
        last: bool,
    ) -> Result<(), Fault> {
        let now = self.now();
        if last && now >= until {
            let silent = subject.active.iter().filter(|c| c.under_way() > 0);
            return Err(Fault::Silent(silent.count()));
        }
        let left = until.saturating_sub(now);
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

    fn now(&self) -> u64 {
        nanos(self.start.elapsed())
    }
}

/// Sends what there is to send. Only while it does not fit, the epoll also
/// tells when there is room.
fn send(
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

fn record(latency: &mut Histogram<u64>, nanos: u64) {
    latency.saturating_record(nanos.max(1));
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
