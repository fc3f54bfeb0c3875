//! Which thread is in which call.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::call::Call;
use super::memory::Memory;
use super::report::Report;
use super::selection::Selection;
use super::stops::{End, Stop, Stops};

pub struct Tracer {
    stops: Stops,
    selection: Selection,
    report: Report,
    start: Instant,
    threads: HashMap<i32, Thread>,
    /// Seen before the call that began them has told of them.
    early: HashSet<i32>,
    /// The number of the newest thread.
    newest: usize,
}

struct Thread {
    /// 1 is the first thread of the program.
    number: usize,
    /// Whether it has stopped for the first time, as each new thread does.
    started: bool,
    /// The call that it is in, if that is shown.
    call: Option<Call>,
}

impl Tracer {
    pub fn new(stops: Stops, selection: Selection, report: Report) -> Tracer {
        let first = Thread { number: 1, started: true, call: None };
        Tracer {
            threads: HashMap::from([(stops.pid, first)]),
            stops,
            selection,
            report,
            start: Instant::now(),
            early: HashSet::new(),
            newest: 1,
        }
    }

    /// Lets the program run from stop to stop, until all of it has ended.
    /// Returns how its first process ended.
    pub fn run(mut self) -> anyhow::Result<End> {
        let mut program_end = End::Code(0);
        while let Some((id, stop)) = self.stops.next()? {
            if let Stop::End(end) = stop {
                self.ended(id, end)?;
                if id == self.stops.pid {
                    program_end = end;
                }
            } else if let Some(signal) = self.stopped(id, stop)? {
                self.stops.resume(id, signal)?;
            }
        }
        Ok(program_end)
    }

    /// What is to be done about a stop: the signal with which the thread goes
    /// on, 0 for none; `None` if it does not go on yet.
    fn stopped(&mut self, id: i32, stop: Stop) -> anyhow::Result<Option<i32>> {
        let Some(thread) = self.threads.get_mut(&id) else {
            self.early.insert(id);
            return Ok(None);
        };
        let now = self.start.elapsed();
        match stop {
            // ANCHOR: both_stops
            Stop::Entry { number, args } => {
                let mut call = Call::new(number, args, now);
                if self.selection.shows(id, &call) {
                    call.read(Memory(id));
                    self.report.entered(thread.number, &call)?;
                    thread.call = Some(call);
                } else if call.writes_to_terminal() {
                    self.report.prints(thread.number)?;
                }
            }
            Stop::Exit(value) => {
                self.report.has_printed(thread.number);
                if let Some(call) = thread.call.take() {
                    let outcome = call.leave(Memory(id), value, now);
                    self.report.left(thread.number, &call, Some(&outcome))?;
                }
            }
            // ANCHOR_END: both_stops
            Stop::Begun { id: new, process } => {
                self.newest += 1;
                let number = self.newest;
                self.report.begun(number, thread.number, process)?;
                // It stops at its first instruction, before or after this.
                let started = self.early.remove(&new);
                let thread = Thread { number, started, call: None };
                self.threads.insert(new, thread);
                if started {
                    self.stops.resume(new, 0)?;
                }
            }
            Stop::Exec { former } => {
                // All other threads of the process are gone, and this one has
                // the id of the first.
                if let Some(thread) = self.threads.remove(&former) {
                    self.threads.insert(id, thread);
                }
            }
            Stop::Signal(libc::SIGSTOP) if !thread.started => {
                thread.started = true;
            }
            Stop::Signal(signal) => {
                self.report.signal(thread.number, signal)?;
                return Ok(Some(signal));
            }
            Stop::Other | Stop::End(_) => {}
        }
        Ok(Some(0))
    }

    fn ended(&mut self, id: i32, end: End) -> anyhow::Result<()> {
        self.early.remove(&id);
        let Some(thread) = self.threads.remove(&id) else { return Ok(()) };
        if let Some(call) = thread.call {
            self.report.left(thread.number, &call, None)?;
        }
        self.report.has_printed(thread.number);
        self.report.ended(thread.number, end)?;
        Ok(())
    }
}
