//! One system call: what went into the kernel, and what came out.
//!
//! Numbers are read as those of this processor. A program of 32 bits on a
//! system of 64 has other numbers, and would be shown wrongly.

use std::time::Duration;

use syscalls::{Errno, Sysno};

use super::argument;
use super::memory::Memory;
use super::signature::{Arg, signature};

/// A call that a thread has entered.
pub struct Call {
    pub name: String,
    pub signature: Option<&'static [Arg]>,
    pub args: [u64; 6],
    /// The text of each argument.
    pub texts: Vec<String>,
    /// When it was entered, since the program's start.
    pub entered: Duration,
}

/// What a call came back with.
pub struct Outcome {
    pub result: Result<i64, String>,
    /// What the kernel has written into the program's memory.
    pub written: Vec<String>,
    /// When it came back, since the program's start.
    pub left: Duration,
}

impl Call {
    pub fn new(number: u64, args: [u64; 6], entered: Duration) -> Call {
        let name = match Sysno::new(number as usize) {
            Some(known) => known.name().to_owned(),
            None => format!("syscall_{number}"),
        };
        let signature = signature(&name);
        Call { name, signature, args, texts: Vec::new(), entered }
    }

    /// Reads what the arguments say out of the memory of the thread.
    pub fn read(&mut self, memory: Memory) {
        let arguments = argument::places(self.signature.unwrap_or_default());
        self.texts = arguments
            .map(|(at, arg)| argument::text(arg, at, &self.args, memory))
            .filter(|text| !text.is_empty())
            .collect();
    }

    /// The same, when it comes back; a `value` from -4095 to -1 is an error.
    pub fn leave(&self, memory: Memory, value: i64, left: Duration) -> Outcome {
        if let -4095..=-1 = value {
            let error = Errno::new(-value as i32);
            let name = error.name().map(str::to_owned);
            let name = name.unwrap_or_else(|| format!("error {}", -value));
            return Outcome { result: Err(name), written: Vec::new(), left };
        }
        let written = argument::places(self.signature.unwrap_or_default())
            .filter_map(|(at, arg)| {
                argument::written(arg, at, &self.args, memory, value as u64)
            })
            .collect();
        Outcome { result: Ok(value), written, left }
    }

    /// Whether the program is about to print.
    pub fn writes_to_terminal(&self) -> bool {
        let output = (1..=2).contains(&self.args[0]);
        output && matches!(self.name.as_str(), "write" | "writev")
    }

    /// As it stands in a program: `listen(3, 128)`.
    pub fn text(&self) -> String {
        match self.signature {
            Some(_) => format!("{}({})", self.name, self.texts.join(", ")),
            None => format!("{}(…)", self.name),
        }
    }
}

impl Outcome {
    /// As it stands behind the call: `= 5: "hello"`, `= -1 EAGAIN`.
    pub fn text(&self) -> String {
        let mut text = match &self.result {
            // What was interrupted will be done again, or end with EINTR.
            Err(name) if name.starts_with("ERESTART") => {
                "= ? interrupted".into()
            }
            Err(name) => format!("= -1 {name}"),
            // An address, not a number.
            Ok(value) if *value > i64::from(u32::MAX) => {
                format!("= {value:#x}")
            }
            Ok(value) => format!("= {value}"),
        };
        for (nth, written) in self.written.iter().enumerate() {
            let is_first = nth == 0 && !written.starts_with("from ");
            text += if is_first { ": " } else { " " };
            text += written;
        }
        text
    }
}
