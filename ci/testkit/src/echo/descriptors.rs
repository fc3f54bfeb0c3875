//! More clients than the server has descriptors for.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::Subject;
use crate::deadline::eventually;
use crate::listing::Platform;
use crate::procfs::cpu_time;

/// How many descriptors the server may have.
const LIMIT: usize = 24;

/// Two more than it could serve if its only other descriptors were those for
/// input, output and errors and the listener. More would not fit into the
/// backlog of a server that has asked for a short one.
const CLIENTS: usize = LIMIT - 4 + 2;

/// How long the server is watched while clients wait, ...
const WATCH: Duration = Duration::from_secs(1);

/// ... and the CPU time that it may use then: enough to look twenty times
/// whether a descriptor is free, and not enough to look all the time, however
/// many other programs share the cores.
const BUSY: Duration = Duration::from_millis(50);

/// Those whom the server has accepted are served while others wait. It does
/// not end, and does not spin (Linux). When some leave, those who waited are
/// served; in the end everybody is.
pub fn descriptors(subject: &Subject) -> anyhow::Result<()> {
    let mut shell = Command::new("sh");
    let script = format!("ulimit -n {LIMIT} && exec \"$@\"");
    shell.args(["-c", &script, "sh"]);
    let command = subject.behind(shell, "127.0.0.1:0");
    subject.serve_by(command, |server| {
        let target = subject.target(server);
        let clients = target.connect_all(CLIENTS)?;
        for client in &clients {
            client.send(b"hello")?;
        }
        let (mut served, mut waiting) = (Vec::new(), Vec::new());
        for client in clients {
            // After the first who waits the others have had time enough. They
            // need not all wait: a server may have more than one queue.
            let patience = if waiting.is_empty() { 1000 } else { 100 };
            let patience = Duration::from_millis(patience);
            match client.is_answered(b"hello", patience)? {
                true => served.push(client),
                false => waiting.push(client),
            }
        }
        ensure!(!served.is_empty(), "none of {CLIENTS} clients is served");
        ensure!(
            !waiting.is_empty(),
            "{CLIENTS} clients are served with {LIMIT} descriptors"
        );

        if Platform::current() == Platform::Linux && !subject.polls() {
            let before = cpu_time(server.pid())?;
            // A measurement: the time is what is measured by.
            thread::sleep(WATCH);
            let used = cpu_time(server.pid())?.saturating_sub(before);
            ensure!(
                used < BUSY,
                "out of descriptors, the server used {used:?} of CPU time in \
                 {WATCH:?}, with nothing to do"
            );
        }
        for client in &served {
            client
                .echo(b"I am here")
                .context("while others wait to be accepted")?;
        }

        served.pop();
        eventually(subject.wait(), "an answer to one who waits", || {
            for number in 0..waiting.len() {
                let look = Duration::from_millis(10);
                if waiting[number].is_answered(b"hello", look)? {
                    waiting.remove(number);
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .context("one has left, so another is to be accepted")?;
        served.clear();
        for client in &waiting {
            client
                .expect(b"hello")
                .context("all have left, so the rest are to be accepted")?;
        }
        target.serves_another()
    })
}
