//! Servers at the limits of their models: more clients than a set of select
//! has bits, and more signals than the queue takes.
#![cfg(unix)]

use std::process::Command;

use anyhow::{Context, ensure};
use bad_peers::Target;
use testkit::deadline::{PATIENCE, eventually};
use testkit::limits::{lack_of_descriptors, raise_descriptors};
use testkit::programs::Programs;
use testkit::server::Server;

/// How many descriptors one `fd_set` has room for.
const FD_SETSIZE: usize = 1024;

fn start(name: &str) -> anyhow::Result<(Server, Target)> {
    let mut command = Command::new(Programs::listings()?.binary(name)?);
    command.arg("127.0.0.1:0");
    let server = Server::start(command)?;
    let target = Target::new(server.addr(), PATIENCE);
    Ok((server, target))
}

/// Whoever gets a descriptor that has no bit is turned away at once, in good
/// order. The others are served, and when one leaves there is room again.
#[test]
fn select_turns_away_whom_no_bit_is_for() -> anyhow::Result<()> {
    raise_descriptors();
    if let Some(lack) = lack_of_descriptors(FD_SETSIZE + 100) {
        println!("skipped: {lack}");
        return Ok(());
    }
    let (mut server, target) = start("select-echo")?;
    let mut clients = Vec::new();
    // The server has some descriptors of its own, and may have inherited more.
    target.gather(&mut clients, FD_SETSIZE - 64)?;
    for _ in 0..64 {
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
    let refused = "is turned away: no bit for descriptor 1024";
    eventually(PATIENCE, "a sentence about it", || {
        Ok(server.log().iter().any(|line| line.ends_with(refused)))
    })?;
    clients.pop();
    eventually(PATIENCE, "room for another", || {
        Ok(target.connect()?.echo(b"hello").is_ok())
    })?;
    ensure!(server.is_running()?, "the server has ended");
    Ok(())
}

/// With a queue that takes no signal at all the kernel sends SIGIO, which does
/// not say which socket it was; everybody is served.
#[test]
#[cfg(target_os = "linux")]
fn signals_are_lost_and_nobody_notices() -> anyhow::Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};

    // The server inherits it.
    let mut limit = getrlimit(Resource::Sigpending);
    limit.current = Some(0);
    setrlimit(Resource::Sigpending, limit)?;
    let (mut server, target) = start("signal-echo")?;
    bad_peers::crowd(&target)?;
    bad_peers::loud(&target)?;
    bad_peers::half_close(&target)?;
    ensure!(server.is_running()?, "the server has ended");
    Ok(())
}
