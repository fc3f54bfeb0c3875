//! Which calls are shown.

use std::fs;
use std::str::FromStr;

use anyhow::bail;
use syscalls::Sysno;

use super::call::Call;
use super::interest;
use super::memory::Memory;
use super::signature::{Arg, makes_one};

pub enum Selection {
    All,
    /// Those of these names.
    Only(Vec<String>),
    /// Those that make a socket or act on one, or on what can be waited for
    /// beside it, and those that wait for a signal. The loader, which brings
    /// in the libraries before the program begins, and the runtime act on
    /// files, memory and signals, and wait for none: so nothing of theirs is
    /// among these.
    Network,
}

impl Selection {
    pub fn new(all: bool, only: Vec<String>) -> anyhow::Result<Selection> {
        if let Some(name) = only.iter().find(|n| Sysno::from_str(n).is_err()) {
            bail!("Linux has no system call named {name}");
        }
        Ok(match only.as_slice() {
            _ if all => Selection::All,
            [] => Selection::Network,
            _ => Selection::Only(only),
        })
    }

    /// Whether a call is shown that `thread` has entered.
    pub fn shows(&self, thread: i32, call: &Call) -> bool {
        match self {
            Selection::All => true,
            Selection::Only(names) => names.contains(&call.name),
            Selection::Network => is_of_network(thread, call),
        }
    }
}

fn is_of_network(thread: i32, call: &Call) -> bool {
    let ([first, second, ..], memory) = (call.args, Memory(thread));
    match call.signature {
        Some([Arg::Fd, ..]) => is_ours(thread, first as i32),
        Some([Arg::PollSet, ..]) => interest::polled(memory, first, second)
            .iter()
            .any(|fd| is_ours(thread, *fd)),
        Some([Arg::Int, Arg::BitSet, ..]) => call.args[1..4]
            .iter()
            .flat_map(|set| interest::selected(memory, *set, first))
            .any(|fd| is_ours(thread, fd)),
        Some([Arg::Signals, ..]) => true,
        _ => makes_one(&call.name),
    }
}

/// Whether a descriptor of a thread is one that this book is about. It is too
/// if it is none at all: that is a mistake, and worth to be seen.
fn is_ours(thread: i32, fd: i32) -> bool {
    if (0..=2).contains(&fd) {
        return false; // standard input, output and error
    }
    let Ok(link) = fs::read_link(format!("/proc/{thread}/fd/{fd}")) else {
        return true;
    };
    let link = link.to_string_lossy();
    let kinds = ["eventpoll", "eventfd", "timerfd", "signalfd", "io_uring"];
    let kind = link.strip_prefix("anon_inode:[");
    let kind = kind.and_then(|kind| kind.strip_suffix(']'));
    link.starts_with("socket:") || kind.is_some_and(|it| kinds.contains(&it))
}
