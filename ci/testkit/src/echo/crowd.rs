//! Many clients: at once, and one after another.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use bad_peers::{self as peers, Client};

use super::Subject;
use super::loopback::own_loopback;
use crate::deadline::eventually;
use crate::listing::Platform;
use crate::procfs::{open_descriptors, resident_bytes};

/// How much memory the server may have for each of 10,000 clients.
const EACH: u64 = 16 << 10;

/// 50 clients connect and say nothing; another one is served, and so are they
/// when they speak at last.
pub fn silent(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::many_silent(&subject.target(server)))
}

/// 100 clients talk at once: nobody is answered by what another said, and
/// nobody waits until another has left.
pub fn hundred(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::crowd(&subject.target(server)))
}

/// 1,000 clients do the same, and then break off.
pub fn thousand(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::thousand(&subject.target(server)))
}

/// 10,000 clients are connected, and nearly all of them are silent. Those who
/// speak, of the first, of the last and some between, are served. On Linux the
/// server has not taken much memory for any of them.
pub fn ten_thousand(subject: &Subject) -> anyhow::Result<()> {
    let addr = SocketAddr::from((own_loopback(), 0)).to_string();
    subject.serve_by(subject.command(&addr), |server| {
        let (target, pid) = (subject.target(server), server.pid());
        let memory = || match Platform::current() {
            Platform::Linux => resident_bytes(pid),
            _ => Ok(0),
        };
        let before = memory()?;
        let mut clients = Vec::new();
        for here in (1_000..=10_000).step_by(1_000) {
            target.gather(&mut clients, here)?;
            let growth = memory()?.saturating_sub(before);
            ensure!(
                growth < 10_000 * EACH,
                "the server took {growth} bytes of memory for {here} clients",
            );
        }
        speak(&clients).context("with 10,000 clients at once")?;
        // A close would leave each of them in TIME-WAIT.
        clients.into_iter().try_for_each(Client::reset)?;
        target.serves_another()
    })
}

/// The first 100, the last 100 and every 50th between say something, each
/// something else, and only then listen; twice.
fn speak(clients: &[Client]) -> anyhow::Result<()> {
    let last = clients.len() - 100;
    let speakers = clients.iter().enumerate().filter(|(number, _)| {
        *number < 100 || *number >= last || number % 50 == 0
    });
    let words = |number, round| format!("{number} for the {round}. time");
    for round in 1..=2 {
        for (number, client) in speakers.clone() {
            client.send(words(number, round).as_bytes())?;
        }
        for (number, client) in speakers.clone() {
            client.expect(words(number, round).as_bytes())?;
        }
    }
    Ok(())
}

/// How many descriptors more than at first a server may have in the end: a
/// thread of its own may have been late to start, and open what it needs.
const LATE: usize = 4;

/// 300 clients come, are served, and leave, one after another. On Linux the
/// server then has no more descriptors open than after the first 100.
pub fn many(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let (target, pid) = (subject.target(server), server.pid());
        peers::one_after_another(&target, 0..100)?;
        let first = (Platform::current() == Platform::Linux)
            .then(|| open_descriptors(pid))
            .transpose()?;
        peers::one_after_another(&target, 100..300)?;
        let Some(first) = first else {
            return Ok(());
        };
        eventually(subject.wait(), "the server to close its sockets", || {
            Ok(open_descriptors(pid)? <= first + LATE)
        })
        .with_context(|| {
            let now = open_descriptors(pid).unwrap_or_default();
            format!("{first} descriptors after 100 clients, {now} after 300")
        })
    })
}
