//! A server under test: started, ready, and its address known.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::deadline::PATIENCE;
use crate::process::{Ear, Heard, Line, Process};

/// What stands in front of the address in a server's first line.
const READY: &str = "listening on ";

/// A running server. Dropping it kills and reaps it.
#[derive(Debug)]
pub struct Server {
    process: Process,
    addr: SocketAddr,
    log: Vec<String>,
}

impl Server {
    /// Starts a server and waits for its ready line.
    ///
    /// # Errors
    ///
    /// Where it cannot be started, ends, or says something else first; the
    /// sentence then holds what it said.
    pub fn start(command: Command) -> anyhow::Result<Server> {
        let mut process = Process::start(command, Ear::Both)?;
        match process.hear(PATIENCE) {
            Heard::Line(Line { text: line, .. }) => {
                let addr = ready_addr(&line).with_context(|| {
                    format!("the first line is no ready line, but: {line}")
                })?;
                let log = vec![line];
                Ok(Server { process, addr, log })
            }
            Heard::End => bail!("the server ended without a word"),
            Heard::Nothing => bail!("no ready line came in {PATIENCE:?}"),
        }
    }

    /// The address where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Whether it has not ended yet.
    ///
    /// # Errors
    ///
    /// Where the system cannot say.
    pub fn is_running(&mut self) -> anyhow::Result<bool> {
        self.process.is_running()
    }

    /// Presses Ctrl-C, as [`Process::interrupt`] does.
    ///
    /// # Errors
    ///
    /// Where the system refuses it.
    pub fn interrupt(&mut self) -> anyhow::Result<()> {
        self.process.interrupt()
    }

    /// Whether it ends within `patience`.
    pub fn ends_within(&mut self, patience: Duration) -> bool {
        self.process.wait(patience).is_ok()
    }

    /// Waits until the server prints a line that `wanted` accepts, and returns
    /// it; the lines before it are passed over.
    ///
    /// # Errors
    ///
    /// Where no such line comes within `patience`, or the output ends.
    pub fn wait_for_line(
        &mut self,
        wanted: impl Fn(&str) -> bool,
        patience: Duration,
    ) -> anyhow::Result<String> {
        let end = Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.process.hear(left) {
                Heard::Line(Line { text: line, .. }) => {
                    self.log.push(line.clone());
                    if wanted(&line) {
                        return Ok(line);
                    }
                }
                Heard::End => bail!("the server's output has ended"),
                Heard::Nothing => bail!("no such line in {patience:?}"),
            }
        }
    }

    /// Everything that it has printed so far.
    pub fn log(&mut self) -> &[String] {
        while let Heard::Line(Line { text: line, .. }) =
            self.process.hear(Duration::ZERO)
        {
            self.log.push(line);
        }
        &self.log
    }

    /// Kills the server, without a word to it, and waits for its end.
    pub fn kill(self) {
        drop(self);
    }
}

/// The address in a server's ready line; `None` for any other line.
pub fn ready_addr(line: &str) -> Option<SocketAddr> {
    line.strip_prefix(READY)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ready_line_has_an_address() {
        let addr = ready_addr("listening on [::1]:8989");
        assert_eq!(addr, "[::1]:8989".parse().ok());
        assert_eq!(ready_addr("listening on port 8989"), None);
        assert_eq!(ready_addr("cannot listen on 127.0.0.1:8989"), None);
    }
}
