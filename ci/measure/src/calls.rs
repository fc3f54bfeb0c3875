//! Counts the system calls of a server while it is measured.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use perf_event::events::Tracepoint;
use perf_event::{Builder, Counter};
use rustix::process::Pid;

/// How they are counted.
pub(crate) enum Calls {
    /// By the kernel, which lets only some users see its events. The server
    /// hardly becomes slower.
    Kernel(Vec<Counter>),
    /// By the listing `trace`, which writes a line for each. The server
    /// becomes many times slower; so more requests wait for it at once, and
    /// one that answers several after one call needs fewer.
    Trace { file: PathBuf, before: u64 },
}

/// What is said of the second way.
pub(crate) const TRACED: &str = "the system calls were counted by the listing \
    `trace`, since the kernel does not let us see its events: that slows the \
    servers, and one that answers several requests after one call needs fewer";

/// Whether the kernel counts for us.
pub(crate) fn kernel_counts() -> bool {
    entered(rustix::process::getpid()).is_ok()
}

/// A command that runs a server under `trace`, which writes into `file`.
pub(crate) fn traced(trace: &Path, file: &Path, server: &Command) -> Command {
    let mut command = Command::new(trace);
    command.args(["--all", "--json"]).arg(file);
    command.arg(server.get_program()).args(server.get_args());
    command
}

impl Calls {
    /// Counts from now on, all threads that there are.
    pub(crate) fn of(server: Pid) -> io::Result<Calls> {
        let folder = format!("/proc/{}/task", server.as_raw_nonzero());
        let mut counters = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let thread = name.to_str().and_then(|name| name.parse().ok());
            if let Some(thread) = thread.and_then(Pid::from_raw) {
                counters.push(entered(thread)?);
            }
        }
        for counter in &mut counters {
            counter.enable()?;
        }
        Ok(Calls::Kernel(counters))
    }

    /// Counts from now on what `trace` writes.
    pub(crate) fn in_file(file: PathBuf) -> io::Result<Calls> {
        let before = lines(&file)?;
        Ok(Calls::Trace { file, before })
    }

    /// How many there were.
    pub(crate) fn count(self) -> io::Result<u64> {
        match self {
            Calls::Kernel(counters) => {
                counters.into_iter().map(|mut it| it.read()).sum()
            }
            Calls::Trace { file, before } => Ok(lines(&file)? - before),
        }
    }
}

/// Where the kernel tells the number of the event "a system call is entered".
const EVENT: &str = "/sys/kernel/tracing/events/raw_syscalls/sys_enter/id";

/// Counts the calls that one thread enters: `man 2 perf_event_open`.
fn entered(thread: Pid) -> io::Result<Counter> {
    let id = fs::read_to_string(EVENT)?;
    let id = id.trim().parse().map_err(io::Error::other)?;
    Builder::new(Tracepoint::with_id(id))
        .observe_pid(thread.as_raw_nonzero().get())
        .any_cpu()
        .include_kernel()
        .build()
}

fn lines(file: &Path) -> io::Result<u64> {
    let bytes = fs::read(file)?;
    Ok(bytes.iter().filter(|&&byte| byte == b'\n').count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_counts_calls() {
        let this = rustix::process::getpid();
        if !kernel_counts() {
            println!("skipped: needs CAP_PERFMON and tracefs");
            return;
        }
        let calls = Calls::of(this).expect("it can count");
        for _ in 0..100 {
            let _ = rustix::process::getppid();
        }
        let count = calls.count().expect("it has counted");
        assert!((100..10_000).contains(&count), "{count}");
    }
}
