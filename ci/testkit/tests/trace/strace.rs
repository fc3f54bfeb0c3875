//! What `strace` writes: `man 1 strace`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::Context;
use regex::Regex;

use crate::trace::calls::{self, Call, Threads};

pub fn is_there() -> bool {
    Command::new("strace")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command that traces a program into a file.
pub fn command(program: &Path, file: &Path) -> Command {
    let mut command = Command::new("strace");
    command
        // Threads and children too; what a descriptor is of; no signals.
        .args(["-f", "-y", "-e", "signal=none"])
        // SIGINT ends it, and the program.
        .args(["-I", "2", "-o"])
        .arg(file)
        .arg(program);
    command
}

static CALL: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?<name>\w+)\((?<args>.*)\) += (?<result>\S+)(?<rest>.*)$";
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// A descriptor of a kind that `trace` shows without being asked for more.
static OURS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x) ( [0-9]+ ) <
        (?: socket: | anon_inode:\[ (?: event | timer | signal | io_uring ) )";
    Regex::new(pattern).expect("the pattern is well-formed")
});

static INET: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r#"sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([0-9.]+)"\)"#;
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// The calls that `trace` shows without being asked for more.
pub fn calls(file: &Path) -> anyhow::Result<Threads> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut unfinished: HashMap<String, String> = HashMap::new();
    let mut by_thread: HashMap<String, Vec<Call>> = HashMap::new();
    for line in fs::read_to_string(file)?.lines() {
        let (thread, text) = line.split_once(' ').context("no thread")?;
        let text = text.trim_start();
        if numbers.is_empty() {
            numbers.insert(thread.to_owned(), 1);
        }
        if let Some(start) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(thread.to_owned(), start.to_owned());
            continue;
        }
        let text = match text.strip_prefix("<... ") {
            Some(rest) => {
                let (_, rest) = rest.split_once(" resumed>").context("odd")?;
                let start = unfinished.remove(thread).unwrap_or_default();
                start + rest
            }
            None => text.to_owned(),
        };
        let Some(found) = CALL.captures(&text) else { continue };
        if let ("clone" | "clone3" | "fork" | "vfork", Ok(1..)) =
            (&found["name"], found["result"].parse::<i64>())
        {
            let next = numbers.len() + 1;
            numbers.insert(found["result"].to_owned(), next);
        }
        if let Some(call) = read(&text) {
            by_thread.entry(thread.to_owned()).or_default().push(call);
        }
    }
    let number = |(thread, calls)| {
        let number = numbers.get(&thread).context("a thread from nowhere")?;
        Ok((*number, calls))
    };
    by_thread.into_iter().map(number).collect()
}

/// The call that stands in a line. `None`: it is none that `trace` shows, or
/// it never came back.
fn read(text: &str) -> Option<Call> {
    let found = CALL.captures(text)?;
    let (name, args) = (&found["name"], &found["args"]);
    let acts_on_ours = OURS
        .captures_iter(args)
        .any(|fd| fd[1].parse().is_ok_and(|fd: i32| fd > 2));
    let is_shown = matches!(
        name,
        "socket"
            | "socketpair"
            | "epoll_create1"
            | "eventfd2"
            | "timerfd_create"
            | "rt_sigtimedwait"
    );
    if !acts_on_ours && !is_shown || found["result"].starts_with('?') {
        return None;
    }
    // `3<socket:[4711]>`, `0x1 (flags FD_CLOEXEC)`, `-1 EAGAIN (Resource …)`
    let result = found["result"].split('<').next()?;
    let result = match result.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok()?.to_string(),
        None if result == "-1" => {
            found["rest"].split_whitespace().next()?.to_owned()
        }
        None => result.to_owned(),
    };
    let first = args.split([',', '<']).next()?;
    let text = INET.replace_all(text, "$2:$1");
    Some(Call {
        name: name.to_owned(),
        first: first.parse().ok(),
        result,
        words: calls::words(&text),
        addrs: calls::addrs(&text),
    })
}
