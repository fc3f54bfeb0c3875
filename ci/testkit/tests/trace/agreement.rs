//! Each listing runs under `trace`, and again under `strace`: a program can
//! have only one tracer.

use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use testkit::deadline::PATIENCE;
use testkit::process::{Ear, Heard, Process};
use testkit::programs::Programs;
use testkit::server::ready_addr;

use crate::trace::calls::{Threads, number_ports};
use crate::trace::script::{self, Script};
use crate::trace::{ours, strace};

pub struct Case {
    pub listing: &'static str,
    run: Run,
    /// Calls that must be there, lest both see nothing.
    sees: &'static [&'static str],
}

enum Run {
    /// It ends by itself.
    Demo,
    /// It ends after what the clients do.
    Server(Script),
    /// It goes on until somebody ends it. Compared is what came before this
    /// many descriptors were closed.
    Endless(Script, usize),
}

pub const CASES: &[Case] = &[
    Case {
        listing: "framing-broken",
        run: Run::Demo,
        sees: &["socket", "bind", "listen", "accept4", "recvfrom", "close"],
    },
    Case {
        listing: "udp-boundaries",
        run: Run::Demo,
        sees: &["getsockname", "setsockopt", "connect", "sendto", "recvfrom"],
    },
    // Threads, and then processes.
    Case {
        listing: "wrong-protocol",
        run: Run::Demo,
        sees: &["shutdown", "recvfrom"],
    },
    Case {
        listing: "two-processes",
        run: Run::Demo,
        sees: &["connect", "accept4", "setsockopt"],
    },
    Case {
        listing: "first-server",
        run: Run::Server(script::one_client),
        sees: &["socket", "bind", "listen", "accept4", "recvfrom", "sendto"],
    },
    Case {
        listing: "two-clients",
        run: Run::Server(script::two_at_once),
        sees: &["accept4", "recvfrom", "sendto"],
    },
    Case {
        listing: "nonblocking-echo",
        run: Run::Endless(script::three_clients, 2),
        sees: &["accept4", "ioctl", "recvfrom"],
    },
    Case {
        listing: "selector-echo",
        run: Run::Endless(script::three_clients, 2),
        sees: &["epoll_ctl", "eventfd2", "timerfd_settime", "accept4"],
    },
    Case {
        listing: "epoll-echo",
        run: Run::Endless(script::three_clients, 2),
        sees: &["epoll_create1", "epoll_ctl", "accept4"],
    },
];

impl Case {
    pub fn test(&self, programs: &Programs) -> anyhow::Result<()> {
        let listing = programs.binary(self.listing)?;
        let folder = tempfile::tempdir()?;
        let (json, log) =
            (folder.path().join("ours"), folder.path().join("theirs"));

        let mut command = Command::new(programs.binary("trace")?);
        command.arg("--json").arg(&json).arg(&listing);
        self.run(command).context("under trace")?;
        self.run(strace::command(&listing, &log)).context("under strace")?;

        let ours = self.prepare(ours::calls(&json)?);
        let theirs = self.prepare(strace::calls(&log)?);
        self.compare(&ours, &theirs).with_context(|| both(&ours, &theirs))?;
        for name in self.sees {
            let calls = ours.values().flatten();
            let seen = calls.clone().any(|call| call.name == *name);
            ensure!(seen, "no {name} is there");
        }
        Ok(())
    }

    /// Runs the listing in its tracer, whose command this is.
    fn run(&self, mut command: Command) -> anyhow::Result<()> {
        let (script, is_endless) = match self.run {
            Run::Demo => {
                let mut demo = Process::start(command, Ear::Both)?;
                let status = demo.wait(PATIENCE)?;
                ensure!(status.success(), "{status}");
                return Ok(());
            }
            Run::Server(script) => (script, false),
            Run::Endless(script, _) => (script, true),
        };
        command.arg("127.0.0.1:0");
        let mut server = Process::start(command, Ear::Both)?;
        script(ready(&mut server)?)?;
        if is_endless {
            server.interrupt()?;
            server.wait(PATIENCE)?;
        } else {
            let status = server.wait(PATIENCE)?;
            ensure!(status.success(), "{status}");
        }
        Ok(())
    }

    /// Leaves out what differs between two runs.
    fn prepare(&self, mut threads: Threads) -> Threads {
        for calls in threads.values_mut() {
            // Who looks until something is there looks more often, or less.
            calls.retain(|call| {
                let polls = self.listing == "nonblocking-echo"
                    && call.result == "EAGAIN";
                let peeks = call.words.iter().any(|word| word == "MSG_PEEK");
                !polls && !peeks
            });
            if let Run::Endless(_, closed) = self.run {
                let mut closes = (0..).zip(calls.iter()).filter(|(_, call)| {
                    call.name == "close" && call.result == "0"
                });
                if let Some((last, _)) = closes.nth(closed - 1) {
                    calls.truncate(last + 1);
                }
            }
        }
        threads.retain(|_, calls| !calls.is_empty());
        number_ports(&mut threads);
        threads
    }

    fn compare(&self, ours: &Threads, theirs: &Threads) -> anyhow::Result<()> {
        ensure!(ours.keys().eq(theirs.keys()), "other threads");
        for (thread, ours) in ours {
            let theirs = &theirs[thread];
            for (nth, (our, their)) in ours.iter().zip(theirs).enumerate() {
                let place = format!("call {nth} of thread {thread}");
                ensure!(our == their, "{place}: `{our}` is not `{their}`");
            }
            let (our, their) = (ours.len(), theirs.len());
            ensure!(our == their, "thread {thread}: {our} calls, not {their}");
        }
        Ok(())
    }
}

/// The address in the line that says that the server is ready; it stands among
/// the lines of the tracer.
pub fn ready(server: &mut Process) -> anyhow::Result<SocketAddr> {
    loop {
        match server.hear(PATIENCE) {
            Heard::Line(line) => {
                if let Some(addr) = ready_addr(&line.text) {
                    return Ok(addr);
                }
            }
            _ => bail!("the server does not say that it is ready"),
        }
    }
}

/// All that was seen, for a message.
fn both(ours: &Threads, theirs: &Threads) -> String {
    let mut text = String::new();
    for (who, threads) in [("trace", ours), ("strace", theirs)] {
        text += &format!("\n-- {who}\n");
        for (thread, calls) in threads {
            for call in calls {
                text += &format!("[{thread}] {call}\n");
            }
        }
    }
    text
}
