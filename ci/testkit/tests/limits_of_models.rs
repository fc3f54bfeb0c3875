//! Servers at the limits of their models: more clients than a set of select
//! has bits, and more signals than the queue takes.

use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use bad_peers::Target;
use libtest_mimic::{Arguments, Completion, Trial};
use testkit::deadline::{PATIENCE, eventually};
use testkit::limits::{lack_of_descriptors, raise_descriptors};
use testkit::programs::Programs;
use testkit::server::Server;
use testkit::trial::{skipped, trial};

/// How many descriptors one `fd_set` has room for.
const FD_SETSIZE: usize = 1024;

/// The server has some descriptors of its own, and may have inherited more:
/// fewer than this.
const SPARE: usize = 256;

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    raise_descriptors();
    let trials = vec![
        limit("bits", "select-echo", turns_away_whom_no_bit_is_for),
        limit("queue", "signal-echo", serves_though_signals_are_lost),
    ];
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// A test of the listing with that name, where it runs.
fn limit(
    case: &str,
    listing: &'static str,
    run: fn(Command) -> anyhow::Result<Completion>,
) -> Trial {
    trial(format!("{listing}::{case}"), move || {
        let programs = Programs::listings()?;
        if let Some(lack) = programs.listing(listing)?.metadata.lack() {
            return Ok(skipped(lack));
        }
        let mut command = Command::new(programs.binary(listing)?);
        command.arg("127.0.0.1:0");
        run(command)
    })
}

/// Whoever gets a descriptor that has no bit is turned away at once, in good
/// order. The others are served, and when one leaves there is room again.
fn turns_away_whom_no_bit_is_for(
    command: Command,
) -> anyhow::Result<Completion> {
    if let Some(lack) = lack_of_descriptors(FD_SETSIZE + 100) {
        return Ok(skipped(lack));
    }
    let mut server = Server::start(command)?;
    let target = Target::new(server.addr(), PATIENCE);
    let mut clients = Vec::new();
    target.gather(&mut clients, FD_SETSIZE - SPARE)?;
    for _ in 0..SPARE {
        let client = target.connect()?;
        if client.echo(b"hello").is_err() {
            break;
        }
        clients.push(client);
    }
    let client = target.connect()?;
    client.expect_end().context("it is to be turned away")?;
    for client in &clients {
        client.echo(b"I am here")?;
    }
    let refused = "is turned away: no bit for descriptor ";
    eventually(PATIENCE, "a sentence about it", || {
        Ok(server.log().iter().any(|line| line.contains(refused)))
    })?;
    clients.pop();
    eventually(PATIENCE, "room for another", || {
        Ok(target.connect()?.echo(b"hello").is_ok())
    })?;
    ensure!(server.is_running()?, "the server has ended");
    Ok(Completion::Completed)
}

/// With a queue that takes no signal at all the kernel sends SIGIO, which does
/// not say which socket it was; everybody is served.
fn serves_though_signals_are_lost(
    command: Command,
) -> anyhow::Result<Completion> {
    queue_no_signals()?;
    let mut server = Server::start(command)?;
    let target = Target::new(server.addr(), PATIENCE);
    bad_peers::crowd(&target)?;
    bad_peers::loud(&target)?;
    bad_peers::half_close(&target)?;
    ensure!(server.is_running()?, "the server has ended");
    Ok(Completion::Completed)
}

/// For this process, and for those that it starts.
fn queue_no_signals() -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Sigpending);
        limit.current = Some(0);
        setrlimit(Resource::Sigpending, limit)?;
    }
    Ok(())
}
