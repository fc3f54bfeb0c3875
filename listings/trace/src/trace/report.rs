//! The lines: each call when it is entered, and its result behind it when it
//! comes back, if nothing else came between.

use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

use super::call::{Call, Outcome};
use super::json::Json;
use super::names;
use super::stops::End;

pub struct Report {
    times: bool,
    json: Option<Json>,
    /// Whether there was ever a second thread: then each line says whose it
    /// is.
    several: bool,
    /// The thread whose call stands in the last line, without a result.
    open: Option<usize>,
    /// The threads that write to the terminal themselves now: no line is left
    /// open for them.
    printing: HashSet<usize>,
}

impl Report {
    pub fn new(times: bool, json: Option<Json>) -> Report {
        Report {
            times,
            json,
            several: false,
            open: None,
            printing: HashSet::new(),
        }
    }

    pub fn entered(&mut self, thread: usize, call: &Call) -> io::Result<()> {
        self.end_line()?;
        let start = self.start(thread, Some(call.entered));
        write(&format!("{start}{}", call.text()))?;
        self.open = Some(thread);
        if self.printing.is_empty() { Ok(()) } else { self.end_line() }
    }

    /// A call has come back, or, without an outcome, never will.
    pub fn left(
        &mut self,
        thread: usize,
        call: &Call,
        outcome: Option<&Outcome>,
    ) -> io::Result<()> {
        if let Some(json) = &mut self.json {
            json.write(thread, call, outcome)?;
        }
        if self.open == Some(thread) {
            self.open = None;
        } else {
            self.end_line()?;
            let now = outcome.map(|outcome| outcome.left);
            let start = self.start(thread, now);
            write(&format!("{start}… {} resumed", call.name))?;
        }
        let text = outcome.map_or("= ?".to_owned(), Outcome::text);
        match outcome {
            Some(outcome) if self.times => {
                let took = outcome.left.saturating_sub(call.entered);
                write(&format!(" {text}  [{}]\n", millis(took)))
            }
            _ => write(&format!(" {text}\n")),
        }
    }

    /// Ends a line that waits for a result, since another comes.
    pub fn end_line(&mut self) -> io::Result<()> {
        if self.open.take().is_some() {
            write(" …\n")?;
        }
        Ok(())
    }

    /// The program's own output comes, from this thread.
    pub fn prints(&mut self, thread: usize) -> io::Result<()> {
        self.printing.insert(thread);
        self.end_line()
    }

    pub fn has_printed(&mut self, thread: usize) {
        self.printing.remove(&thread);
    }

    pub fn begun(
        &mut self,
        thread: usize,
        by: usize,
        process: bool,
    ) -> io::Result<()> {
        self.several = true;
        let what = if process { "process" } else { "thread" };
        self.note(thread, &format!("new {what}, begun by [{by}]"))
    }

    pub fn signal(&mut self, thread: usize, signal: i32) -> io::Result<()> {
        self.note(thread, &format!("signal {}", names::signal(signal)))
    }

    pub fn ended(&mut self, thread: usize, end: End) -> io::Result<()> {
        let how = match end {
            End::Code(code) => format!("ended with exit code {code}"),
            End::Signal(signal) => {
                format!("killed by {}", names::signal(signal.into()))
            }
        };
        self.note(thread, &how)
    }

    fn note(&mut self, thread: usize, text: &str) -> io::Result<()> {
        self.end_line()?;
        let start = self.start(thread, None);
        write(&format!("{start}({text})\n"))
    }

    fn start(&self, thread: usize, now: Option<Duration>) -> String {
        let mut start = String::new();
        if self.times {
            let now = now.map(millis).unwrap_or_default();
            start += &format!("{now:>13}  ");
        }
        if self.several {
            start += &format!("[{thread}] ");
        }
        start
    }
}

/// Standard error, so that the program's own output stays apart from it. In
/// one piece, without a buffer: each piece is seen at once.
fn write(text: &str) -> io::Result<()> {
    io::stderr().write_all(text.as_bytes())
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}
