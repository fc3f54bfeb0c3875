//! A server under test, with the connections to it.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use hdrhistogram::Histogram;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::process::{Pid, Signal, kill_process};

use crate::connect::connect;
use crate::connection::Connection;
use crate::drive::{Driver, latencies};
use crate::fault::Fault;
use crate::process;

/// A server that is to be measured.
#[derive(Clone, Debug)]
pub struct Server {
    /// What the results call it.
    pub name: String,
    /// Where it listens.
    pub addr: SocketAddr,
    /// Its process. `None`: the one that listens there is looked for.
    pub pid: Option<Pid>,
    /// How many cores it may use, where servers are tied to cores.
    pub cores: usize,
    /// It asks without rest, also when nobody talks to it: it is stopped
    /// (`SIGSTOP`) while others have their turn.
    pub restless: bool,
}

impl Server {
    /// One of which no more is known.
    pub fn new(name: &str, addr: SocketAddr) -> Server {
        let (name, pid) = (name.to_owned(), None);
        Server { name, addr, pid, cores: 1, restless: false }
    }

    /// Stops it, or lets it go on, if it is one that never rests.
    pub(crate) fn rest(&self, stop: bool) {
        if let (true, Some(pid)) = (self.restless, self.pid) {
            let signal = if stop { Signal::STOP } else { Signal::CONT };
            // If it is gone, its connections tell.
            let _ = kill_process(pid, signal);
        }
    }
}

/// What a slice has brought.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// How many requests were answered.
    pub requests: u64,
    /// How long it really took, with the last answer.
    pub elapsed: Duration,
    /// The CPU time of the server, if its process is known.
    pub server: Option<Duration>,
    /// The CPU time of this process.
    pub generator: Duration,
}

/// A server with its connections.
pub struct Subject {
    pub server: Server,
    pub(crate) epoll: OwnedFd,
    pub(crate) active: Vec<Connection>,
    /// Kept open, and silent.
    _idle: Vec<std::net::TcpStream>,
    /// What was measured, in order.
    pub slices: Vec<Slice>,
    /// How long the answers took, in nanoseconds.
    pub latency: Histogram<u64>,
    /// The memory that a connection takes in the server, in bytes.
    pub memory: Option<f64>,
    /// Why it is measured no further.
    pub fault: Option<Fault>,
}

impl Subject {
    /// Opens the connections.
    ///
    /// # Errors
    ///
    /// Where the system refuses an epoll. If a connection cannot be opened,
    /// that is the subject's fault, and stands in it.
    pub fn open(
        mut server: Server,
        active: usize,
        idle: usize,
    ) -> anyhow::Result<Subject> {
        server.pid = server.pid.or_else(|| process::listening_at(server.addr));
        let memory = || process::memory(server.pid?);
        let before = memory();
        let opened = connect(server.addr, active + idle);
        let after = memory();
        server.rest(true);
        let growth = before.zip(after).map(|(b, a)| a.saturating_sub(b));
        let (mut streams, fault) = match opened {
            Ok(streams) => (streams, None),
            Err(fault) => (Vec::new(), Some(fault)),
        };
        // Those who speak are spread over all, the first among them.
        let every = streams.len() / active.max(1);
        let (mut speakers, mut silent) = (Vec::new(), Vec::new());
        for (n, stream) in streams.drain(..).enumerate() {
            if n % every == 0 && speakers.len() < active {
                speakers.push(Connection::new(stream, n));
            } else {
                silent.push(stream);
            }
        }
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        for (key, connection) in speakers.iter().enumerate() {
            let key = EventData::new_u64(key as u64);
            epoll::add(&epoll, &connection.stream, key, EventFlags::IN)?;
        }
        let all = (active + idle) as f64;
        Ok(Subject {
            server,
            epoll,
            active: speakers,
            _idle: silent,
            slices: Vec::new(),
            latency: latencies(),
            memory: growth.map(|bytes| bytes as f64 / all),
            fault,
        })
    }

    /// The server may run in it. The beginning is not measured, so that caches
    /// are its own then, whoever had the turn before.
    pub(crate) fn turn(
        &mut self,
        driver: &mut Driver,
        warm_up: Duration,
        slice: Duration,
    ) -> Result<Slice, Fault> {
        self.server.rest(false);
        let result =
            driver.drive(self, warm_up).and_then(|_| driver.drive(self, slice));
        self.server.rest(true);
        result
    }

    /// The CPU time that the server has used up to now.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        self.server.pid.and_then(process::cpu_time)
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.server.rest(false);
    }
}
