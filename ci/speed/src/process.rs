//! A program that runs, with all that it starts, and its certain end.

use std::collections::VecDeque;
use std::fmt::Display;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::terminal::Terminal;

/// How many lines of its output tell why a program failed.
const LAST: usize = 25;

/// How often Ctrl-C is looked for while a program is silent.
const LOOK: Duration = Duration::from_millis(100);

/// How long any program may take.
const PATIENCE: Duration = Duration::from_secs(3 * 60 * 60);

/// How long the last of its output may take after its end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long one that is killed may take to end.
const DYING: Duration = Duration::from_secs(10);

/// A running program. Dropping it kills it, and what it started: on Unix all
/// of its process group, on Windows all of its job.
pub struct Running {
    what: String,
    began: Instant,
    child: Box<dyn ChildWrapper>,
    /// How it ended, and how long it ran.
    end: Option<(ExitStatus, Duration)>,
    lines: Receiver<Line>,
    last: VecDeque<String>,
}

/// A line of its output, or of its errors.
#[derive(Debug)]
pub struct Line {
    /// Without the line's end.
    pub text: String,
    /// How long after the program's start it was read.
    pub after: Duration,
}

impl Running {
    /// Starts `command`; `what` is what messages call it.
    pub fn start(what: &str, mut command: Command) -> anyhow::Result<Running> {
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = command.get_program().to_string_lossy().into_owned();
        let mut command = CommandWrap::from(command);
        // Ctrl-C in the terminal is for this program, which then ends them.
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        let began = Instant::now();
        let spawned = command.spawn();
        let mut child =
            spawned.map_err(|error| cannot_start(&program, error))?;
        let (tell, lines) = channel();
        if let Some(pipe) = child.stdout().take() {
            send_lines(pipe, began, tell.clone());
        }
        if let Some(pipe) = child.stderr().take() {
            send_lines(pipe, began, tell);
        }
        let (what, last) = (what.to_owned(), VecDeque::new());
        Ok(Running { what, began, child, end: None, lines, last })
    }

    /// The next line, or `None` at the program's end.
    pub fn line(
        &mut self,
        terminal: &Terminal,
    ) -> anyhow::Result<Option<Line>> {
        let line = loop {
            self.go_on(terminal)?;
            match self.lines.recv_timeout(LOOK) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {
                    let end = self.ended()?;
                    // What it started may live on, with the pipe open.
                    let over = |(_, time)| self.age() > time + LAST_WORDS;
                    if end.is_some_and(over) {
                        return Ok(None);
                    }
                }
            }
        };
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(line.text.clone());
        terminal.note(&line.text);
        Ok(Some(line))
    }

    /// Whether to wait on.
    fn go_on(&self, terminal: &Terminal) -> anyhow::Result<()> {
        terminal.go_on()?;
        let late = self.began.elapsed() > PATIENCE;
        let hours = PATIENCE.as_secs() / 3600;
        ensure!(!late, "{} did not end in {hours} hours", self.what);
        Ok(())
    }

    /// Its end, if that has come. It is asked for no more then: a job of
    /// Windows tells it once.
    fn ended(&mut self) -> anyhow::Result<Option<(ExitStatus, Duration)>> {
        if self.end.is_none() {
            let status = self.child.try_wait();
            let cannot = || format!("cannot wait for {}", self.what);
            let status = status.with_context(cannot)?;
            self.end = status.map(|status| (status, self.began.elapsed()));
        }
        Ok(self.end)
    }

    /// Waits for its end, and returns how long it ran.
    pub fn finish(
        mut self,
        terminal: &Terminal,
        mut hear: impl FnMut(&Line),
    ) -> anyhow::Result<Duration> {
        while let Some(line) = self.line(terminal)? {
            hear(&line);
        }
        let (status, time) = loop {
            if let Some(end) = self.ended()? {
                break end;
            }
            // Its output has ended, it is about to.
            self.go_on(terminal)?;
            thread::sleep(Duration::from_millis(1));
        };
        match status.success() {
            true => Ok(time),
            false => Err(self.failure(&format!("failed ({status})"))),
        }
    }

    /// How long ago it was started.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// The error that says what it did, and what it printed last.
    pub fn failure(&self, did: &str) -> anyhow::Error {
        let what = &self.what;
        if self.last.is_empty() {
            return anyhow!("{what} {did}, and printed nothing");
        }
        let mut words = format!("{what} {did}. It printed last:");
        for line in &self.last {
            words.push_str("\n  ");
            words.push_str(line);
        }
        anyhow!(words)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails where nothing is left of them.
        let _ = self.child.start_kill();
        let killed = Instant::now();
        while killed.elapsed() < DYING && matches!(self.ended(), Ok(None)) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The sentence about a program that cannot be started.
pub fn cannot_start(program: impl Display, error: io::Error) -> anyhow::Error {
    let missing = error.kind() == ErrorKind::NotFound;
    let hint = if missing { ": is it installed?" } else { "" };
    anyhow!(error).context(format!("cannot start {program}{hint}"))
}

/// Sends the lines of `pipe`, up to its end.
fn send_lines(
    pipe: impl Read + Send + 'static,
    began: Instant,
    lines: Sender<Line>,
) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while let Ok(1..) = pipe.read_until(b'\n', &mut bytes) {
            let after = began.elapsed();
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if lines.send(Line { text, after }).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

#[cfg(all(test, unix))]
mod tests;
