//! Threads that wait, and the memory of this process.

use std::fs;
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

use anyhow::Context;

pub struct Waiting {
    threads: Vec<JoinHandle<()>>,
    go_on: Arc<Barrier>,
}

impl Waiting {
    /// Starts threads that do `work`, and then wait. Returns when all of them
    /// have done it.
    pub fn start(
        number: usize,
        stack: usize,
        work: fn(),
    ) -> anyhow::Result<Waiting> {
        let done = Arc::new(Barrier::new(number + 1));
        let go_on = Arc::new(Barrier::new(number + 1));
        let mut threads = Vec::new();
        for nth in 1..=number {
            let (done, go_on) = (Arc::clone(&done), Arc::clone(&go_on));
            let thread = thread::Builder::new()
                .stack_size(stack)
                .spawn(move || {
                    work();
                    done.wait();
                    go_on.wait();
                })
                .with_context(|| format!("cannot start thread {nth}"))?;
            threads.push(thread);
        }
        done.wait();
        Ok(Waiting { threads, go_on })
    }

    pub fn end(self) {
        self.go_on.wait();
        for thread in self.threads {
            thread.join().expect("it does not panic");
        }
    }
}

/// Of this process, in bytes.
pub struct Memory {
    pub addresses: usize,
    pub resident: usize,
}

impl Memory {
    pub fn now() -> anyhow::Result<Memory> {
        let status = fs::read_to_string("/proc/self/status")
            .context("cannot read what memory the process has")?;
        let field = |name: &str| -> anyhow::Result<usize> {
            let line = status.lines().find(|line| line.starts_with(name));
            let number = line.and_then(|l| l.split_whitespace().nth(1));
            let kib: usize =
                number.with_context(|| format!("no {name} there"))?.parse()?;
            Ok(kib * 1024)
        };
        Ok(Memory { addresses: field("VmSize:")?, resident: field("VmRSS:")? })
    }
}
