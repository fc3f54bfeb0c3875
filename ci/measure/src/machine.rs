//! The machine that was measured on.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};

/// A machine, as a reader has to know it. What could not be found out is
/// empty.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Machine {
    /// The model's name.
    pub processor: String,
    /// How many of its cores there were for us.
    pub cores: usize,
    /// Whether it is a virtual machine.
    pub is_virtual: bool,
    /// Bytes of memory.
    pub memory: u64,
    /// The version of the kernel.
    pub kernel: String,
    /// What the servers were built with.
    pub compilers: Vec<String>,
}

impl Machine {
    /// This one.
    pub fn this() -> Machine {
        let read = |file| fs::read_to_string(file).unwrap_or_default();
        let cpu = read("/proc/cpuinfo");
        let field = |name: &str| {
            let line = cpu.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(": ")).map(|(_, it)| it)
        };
        let memory = read("/proc/meminfo");
        let kib = memory.split_whitespace().nth(1);
        let kib = kib.and_then(|kib| kib.parse().ok()).unwrap_or(0);
        let compilers =
            [("rustc", "-V"), ("cc", "--version"), ("python3", "-V")];
        let release = read("/proc/sys/kernel/osrelease");
        let flags = field("flags").unwrap_or_default();
        Machine {
            processor: field("model name").unwrap_or_default().to_owned(),
            cores: thread::available_parallelism().map_or(0, usize::from),
            is_virtual: flags.split(' ').any(|flag| flag == "hypervisor"),
            memory: 1024_u64 * kib,
            kernel: release.split('-').next().unwrap_or_default().to_owned(),
            compilers: compilers.iter().filter_map(version).collect(),
        }
    }

    /// In one sentence.
    pub fn words(&self) -> String {
        let gib = self.memory as f64 / f64::from(1 << 30);
        let kind = if self.is_virtual { "virtual machine" } else { "machine" };
        format!(
            "{kind} with {} cores of a processor {}, {gib:.0} GiB of memory, \
             Linux {}; {}",
            self.cores,
            self.processor,
            self.kernel,
            self.compilers.join("; ")
        )
    }
}

/// The first line of what a program says of itself.
fn version((program, option): &(&str, &str)) -> Option<String> {
    let output =
        Command::new(program).arg(option).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(str::to_owned)
}
