//! How the tracer behaves: towards the program, and towards who started it.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, ensure};
use testkit::deadline::{PATIENCE, eventually};
use testkit::process::{Ear, Process};
use testkit::programs::Programs;

use crate::trace::agreement::ready;
use crate::trace::{ours, script};

type Test = fn(&Programs) -> anyhow::Result<()>;

pub const TESTS: &[(&str, Test)] = &[
    ("names_what_it_cannot_run", names_what_it_cannot_run),
    ("passes_the_exit_code_on", passes_the_exit_code_on),
    ("tells_what_killed_a_program", tells_what_killed_a_program),
    ("leaves_output_as_it_is", leaves_output_as_it_is),
    ("json_agrees_with_the_lines", json_agrees_with_the_lines),
    ("shows_only_what_is_asked_for", shows_only_what_is_asked_for),
    ("a_call_that_waits_is_seen", a_call_that_waits_is_seen),
    ("ctrl_c_ends_both", ctrl_c_ends_both),
    ("a_program_does_not_outlive_it", a_program_does_not_outlive_it),
    ("says_when_it_may_not_trace", says_when_it_may_not_trace),
];

fn trace(programs: &Programs, args: &[&str]) -> anyhow::Result<Output> {
    Command::new(programs.binary("trace")?)
        .args(args)
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .output()
        .context("cannot start trace")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn names_what_it_cannot_run(programs: &Programs) -> anyhow::Result<()> {
    for (args, part) in [
        (&["no-such"][..], "'cargo build -p no-such' builds it"),
        (&["/no/such"], "cannot trace /no/such"),
        (&["--only", "sockett", "ports"], "system call named sockett"),
        (&["--json", "/no/such/file", "ports"], "cannot write /no/such/file"),
    ] {
        let output = trace(programs, args)?;
        let said = errors(&output);
        ensure!(output.status.code() == Some(1), "{args:?}: {said}");
        ensure!(said.contains(part), "{args:?}: {said}");
        ensure!(!said.contains("panicked"), "{args:?}: {said}");
    }
    Ok(())
}

fn passes_the_exit_code_on(programs: &Programs) -> anyhow::Result<()> {
    for code in [0, 7, 255] {
        let script = format!("exit {code}");
        let output = trace(programs, &["/bin/sh", "-c", &script])?;
        ensure!(output.status.code() == Some(code), "{}", output.status);
        let line = format!("(ended with exit code {code})\n");
        ensure!(errors(&output) == line, "{}", errors(&output));
    }
    Ok(())
}

fn tells_what_killed_a_program(programs: &Programs) -> anyhow::Result<()> {
    // Real-time signals have no names.
    for (number, name) in [(9, "SIGKILL"), (15, "SIGTERM"), (36, "SIGRTMIN+2")]
    {
        let script = format!("kill -{number} $$");
        let output = trace(programs, &["/bin/sh", "-c", &script])?;
        ensure!(output.status.code() == Some(128 + number), "{name}");
        let said = errors(&output);
        ensure!(said.ends_with(&format!("(killed by {name})\n")), "{said}");
    }
    Ok(())
}

fn leaves_output_as_it_is(programs: &Programs) -> anyhow::Result<()> {
    let alone = Command::new(programs.binary("framing-broken")?).output()?;
    let traced = trace(programs, &["framing-broken"])?;
    ensure!(alone.stdout == traced.stdout, "it printed something else");
    // It inherits nothing: its first socket has the number that it always has.
    let said = errors(&traced);
    ensure!(said.starts_with("socket(AF_INET, "), "{said}");
    ensure!(said.contains("IPPROTO_IP) = 3\n"), "{said}");
    Ok(())
}

/// With threads and processes, whose lines are cut where others come between.
fn json_agrees_with_the_lines(programs: &Programs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("calls");
    let name = file.to_str().context("an odd name")?;
    for listing in ["framing-broken", "wrong-protocol", "two-processes"] {
        let output = trace(programs, &["--json", name, listing])?;
        let mut of_lines = joined(&errors(&output))?;
        let objects = ours::objects(&file)?;
        let several = objects.iter().any(|it| it.thread > 1);
        ensure!(several == (listing != "framing-broken"), "{listing}");
        let mut before = 0;
        for object in &objects {
            let calls = of_lines.get_mut(&object.thread);
            let calls = calls.context("no line is of this thread")?;
            ensure!(!calls.is_empty(), "no line: {}", object.line());
            let line = calls.remove(0);
            ensure!(line == object.line(), "{line} or {}", object.line());
            let left = object.left_us.context("it came back")?;
            ensure!(object.entered_us <= left, "left before it entered");
            ensure!(before <= left, "not in the order of coming back");
            before = left;
        }
        let left_over: Vec<_> = of_lines.values().flatten().collect();
        ensure!(left_over.is_empty(), "not in the file: {left_over:?}");
    }
    Ok(())
}

/// The calls of each thread, their pieces put together.
fn joined(said: &str) -> anyhow::Result<BTreeMap<usize, Vec<String>>> {
    let mut calls: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for line in said.lines() {
        let (thread, text) = match line.strip_prefix('[') {
            Some(rest) => rest.split_once("] ").context("odd")?,
            None => ("1", line),
        };
        let calls = calls.entry(thread.parse()?).or_default();
        if text.starts_with('(') {
            continue;
        }
        if let Some(rest) = text.strip_prefix("… ") {
            let (_, rest) = rest.split_once(" resumed").context("odd")?;
            let call = calls.last_mut().context("resumes nothing")?;
            call.push_str(rest);
        } else {
            calls.push(text.strip_suffix(" …").unwrap_or(text).to_owned());
        }
    }
    Ok(calls)
}

fn shows_only_what_is_asked_for(programs: &Programs) -> anyhow::Result<()> {
    let said =
        errors(&trace(programs, &["--only", "listen", "framing-broken"])?);
    ensure!(said.lines().count() == 2, "{said}");
    ensure!(said.starts_with("listen(3, 128) = 0\n"), "{said}");

    let said = errors(&trace(programs, &["--all", "framing-broken"])?);
    for part in ["openat(AT_FDCWD, ", "mmap(…) = 0x", "exit_group(0) = ?"] {
        ensure!(said.contains(part), "{said}");
    }
    let said = errors(&trace(
        programs,
        &["--times", "--only", "bind", "framing-broken"],
    )?);
    let line = said.lines().next().context("no line")?;
    let (start, rest) = line
        .split_once(" ms  bind(3, 127.0.0.1:0) = 0  [")
        .with_context(|| line.to_owned())?;
    let took = rest.strip_suffix(" ms]").context("no duration")?;
    ensure!(start.trim().parse::<f64>()? > 0.0, "{line}");
    ensure!(took.parse::<f64>()? > 0.0, "{line}");
    Ok(())
}

/// Before a client comes, the line of `accept4` stands there, without an end.
fn a_call_that_waits_is_seen(programs: &Programs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("errors");
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "exec \"$0\" first-server 127.0.0.1:0 2> \"$1\""])
        .arg(programs.binary("trace")?)
        .arg(&file);
    let mut process = Process::start(command, Ear::Both)?;
    let addr = ready(&mut process)?;
    let waits = "\naccept4(3, …, SOCK_CLOEXEC)";
    eventually(PATIENCE, "accept4", || {
        Ok(fs::read_to_string(&file)?.ends_with(waits))
    })?;
    script::one_client(addr)?;
    process.wait(PATIENCE)?;
    let said = fs::read_to_string(&file)?;
    ensure!(said.contains(&format!("{waits} = 4 from 127.0.0.1:")), "{said}");
    Ok(())
}

fn ctrl_c_ends_both(programs: &Programs) -> anyhow::Result<()> {
    let (mut trace, program) = endless(programs)?;
    trace.interrupt()?;
    let status = trace.wait(PATIENCE)?;
    ensure!(status.code() == Some(128 + 2), "{status}");
    ensure!(!is_there(program), "the program goes on");
    Ok(())
}

fn a_program_does_not_outlive_it(programs: &Programs) -> anyhow::Result<()> {
    let (trace, program) = endless(programs)?;
    ensure!(is_there(program), "no program is there");
    drop(trace); // killed
    eventually(PATIENCE, "the program to end", || Ok(!is_there(program)))
}

/// A server under trace that has served a client, and its process id.
fn endless(programs: &Programs) -> anyhow::Result<(Process, u32)> {
    let mut command = Command::new(programs.binary("trace")?);
    command.args(["selector-echo", "127.0.0.1:0"]);
    let mut trace = Process::start(command, Ear::Both)?;
    let addr = ready(&mut trace)?;
    drop(TcpStream::connect(addr)?);
    let pid = trace.pid();
    let children = format!("/proc/{pid}/task/{pid}/children");
    let children = fs::read_to_string(children)?;
    Ok((trace, children.trim().parse()?))
}

/// Whether a process runs; one that has ended is a zombie until somebody has
/// asked how.
fn is_there(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| {
        let state = stat.rsplit(") ").next();
        !state.is_some_and(|state| state.starts_with(['Z', 'X']))
    })
}

/// The kernel refuses it to who is traced; in some containers, to all.
fn says_when_it_may_not_trace(programs: &Programs) -> anyhow::Result<()> {
    let inner = programs.binary("trace")?;
    let inner = inner.to_str().context("an odd name")?;
    let output = trace(programs, &[inner, "ports"])?;
    let said = errors(&output);
    ensure!(output.status.code() == Some(1), "{}", output.status);
    let part = "the system does not let this program trace another";
    ensure!(said.contains(part), "{said}");
    Ok(())
}
