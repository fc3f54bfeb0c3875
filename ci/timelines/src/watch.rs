//! Looking at a server from outside, without disturbing it: what its tracer
//! has written so far, and whether it has come to rest.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use testkit::deadline::PATIENCE;

/// Who asks again and again has asked everybody, if it was told "not now" as
/// many times as this without a break.
const ROUND: usize = 16;

/// How the tracer writes "not now".
const IN_VAIN: &str = "\"error\":\"EAGAIN\"";

/// The most that is read at once, in bytes.
const MOST: u64 = 1 << 20;

/// The file that the tracer writes: a line for each call that has come back.
#[derive(Debug)]
pub(crate) struct Calls {
    file: File,
    /// How many bytes of it have been read.
    read: u64,
    /// How many lines are complete.
    lines: usize,
    /// How many of the last of them say "not now".
    in_vain: usize,
    /// The beginning of the next.
    part: Vec<u8>,
}

impl Calls {
    pub(crate) fn new(path: &Path) -> anyhow::Result<Calls> {
        let file = File::open(path).context("the tracer has no file")?;
        Ok(Calls { file, read: 0, lines: 0, in_vain: 0, part: Vec::new() })
    }

    /// Reads what has been added, and tells how many lines there are.
    fn count(&mut self) -> anyhow::Result<usize> {
        // A tracer that goes on writing is not read for ever.
        let mut added = (&self.file).take(MOST);
        self.read += added.read_to_end(&mut self.part)? as u64;
        let mut rest = &*self.part;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end + 1);
            let text = str::from_utf8(line).unwrap_or_default();
            let is_in_vain = text.contains(IN_VAIN);
            self.in_vain = if is_in_vain { self.in_vain + 1 } else { 0 };
            self.lines += 1;
            rest = after;
        }
        self.part = rest.to_vec();
        Ok(self.lines)
    }

    /// Waits until all threads of the process sleep in a call. Returns how
    /// many calls have come back by then.
    ///
    /// The tracer writes its line before the thread goes on. So if a thread
    /// was seen asleep twice, and no line was added between, it has not been
    /// awake between; and if that is so for all of them, nobody is awake who
    /// could wake another. A client's message is not on its way either, if the
    /// caller has seen what came of it.
    pub(crate) fn rest(&mut self, pid: u32) -> anyhow::Result<usize> {
        wait("the server to come to rest", || {
            let before = self.count()?;
            let asleep = all_sleep(pid)? && all_sleep(pid)?;
            let quiet = asleep && self.count()? == before;
            Ok(quiet.then_some(before))
        })
    }

    /// The same for a server that never sleeps: waits until it has asked all
    /// of its sockets once more, in vain.
    pub(crate) fn asks_in_vain(&mut self) -> anyhow::Result<usize> {
        let written = self.file.metadata()?.len();
        while self.read < written {
            self.count()?;
        }
        self.in_vain = 0;
        wait("the server to ask in vain", || {
            let lines = self.count()?;
            Ok((self.in_vain >= ROUND).then_some(lines))
        })
    }
}

/// Asks again and again until there is an answer.
fn wait<T>(
    what: &str,
    mut answer: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = answer()? {
            return Ok(answer);
        }
        if Instant::now() > end {
            bail!("waited {PATIENCE:?} in vain for {what}");
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Whether every thread of a process sleeps in a call: one that has stopped
/// for its tracer is in another state.
fn all_sleep(pid: u32) -> anyhow::Result<bool> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"))
        .context("the server has ended")?;
    for task in tasks {
        let stat =
            match task.map(|it| fs::read_to_string(it.path().join("stat"))) {
                Ok(Ok(stat)) => stat,
                _ => return Ok(false), // it has ended meanwhile
            };
        if field(&stat, 0) != Some("S") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The process that another has started.
pub(crate) fn child_of(parent: u32) -> anyhow::Result<u32> {
    let parent = parent.to_string();
    for entry in fs::read_dir("/proc").context("there is no /proc")? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(Ok(pid)) = name.to_str().map(str::parse) else { continue };
        let stat = fs::read_to_string(entry.path().join("stat"));
        if stat.is_ok_and(|stat| field(&stat, 1) == Some(&parent)) {
            return Ok(pid);
        }
    }
    bail!("the tracer has started nothing")
}

/// A field of `/proc/PID/stat`, counted from the state, which stands behind
/// the program's name in parentheses: `man 5 proc_pid_stat`.
fn field(stat: &str, nth: usize) -> Option<&str> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(nth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_behind_an_odd_name() {
        let stat = "42 (a) b) S 7 42 42 0 -1";
        assert_eq!(field(stat, 0), Some("S"));
        assert_eq!(field(stat, 1), Some("7"));
    }
}
