//! The servers that take the option do the work for what they read, and none
//! without it; what is wrong in their arguments they name.

use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, ensure};
use bad_peers::Target;
use libtest_mimic::{Arguments, Completion};
use testkit::deadline::PATIENCE;
use testkit::listing::Platform;
use testkit::process::{Ear, Heard, Line, Process};
use testkit::procfs::cpu_time;
use testkit::programs::Programs;
use testkit::server::Server;
use testkit::trial::{skipped, trial};

/// Those that can use two cores.
const SERVERS: [&str; 3] = ["thread-echo", "pool-echo", "reuseport-echo"];

/// Whoever reads so many pieces ...
const PIECES: u32 = 10;

/// ... with so much work for each ...
const MICROS: &str = "20000";

/// ... has done so much.
const WORK: Duration = Duration::from_millis(200);

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for server in SERVERS {
        let listings = Arc::clone(&programs);
        trials.push(trial(format!("{server}::works"), move || {
            works(&listings, server)
        }));
        let listings = Arc::clone(&programs);
        trials
            .push(trial(format!("{server}::names_what_is_wrong"), move || {
                names_what_is_wrong(&listings, server)
            }));
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn works(programs: &Programs, server: &str) -> anyhow::Result<Completion> {
    // Only there can another process ask for it.
    if let Some(lack) = Platform::missing_from(&[Platform::Linux]) {
        return Ok(skipped(lack));
    }
    let used = used(programs, server, &["--work-us", MICROS])?;
    ensure!(WORK / 2 < used, "it used only {used:?} for {WORK:?} of work");
    let used = self::used(programs, server, &[])?;
    ensure!(used < WORK / 2, "without work it used {used:?}");
    Ok(Completion::Completed)
}

/// The CPU time that the server uses, from when it is ready, for a client who
/// waits for each answer.
fn used(
    programs: &Programs,
    server: &str,
    options: &[&str],
) -> anyhow::Result<Duration> {
    let mut command = Command::new(programs.binary(server)?);
    command.arg("127.0.0.1:0").args(options);
    let server = Server::start(command)?;
    let client = Target::new(server.addr(), PATIENCE).connect()?;
    let before = cpu_time(server.pid())?;
    for _ in 0..PIECES {
        client.echo(b"work")?;
    }
    Ok(cpu_time(server.pid())?.saturating_sub(before))
}

fn names_what_is_wrong(
    programs: &Programs,
    server: &str,
) -> anyhow::Result<Completion> {
    if let Some(lack) = programs.listing(server)?.metadata.lack() {
        return Ok(skipped(lack));
    }
    for (wrong, sentence) in [
        (&["--work-us", "x"][..], "--work-us: x is no number"),
        (&["--work-us"], "--work-us: the number of microseconds is missing"),
        (&["--work-ms", "50"], "--work-ms: there is no such option"),
    ] {
        let mut command = Command::new(programs.binary(server)?);
        command.arg("127.0.0.1:0").args(wrong);
        let mut process = Process::start(command, Ear::Both)?;
        let Heard::Line(Line { text: said, .. }) = process.hear(PATIENCE)
        else {
            bail!("it says nothing to {wrong:?}");
        };
        ensure!(said.contains(sentence), "to {wrong:?} it says: {said}");
        let status = process.wait(PATIENCE)?;
        ensure!(!status.success(), "{wrong:?} is a success for it");
    }
    Ok(Completion::Completed)
}
