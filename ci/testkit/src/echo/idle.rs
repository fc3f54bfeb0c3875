//! Nothing to do.

use std::thread;
use std::time::Duration;

use anyhow::ensure;

use super::Subject;
use crate::procfs::cpu_time;

/// How long the server is watched, ...
const WATCH: Duration = Duration::from_secs(2);

/// ... and the CPU time that it may use then: 1 % of a core.
const REST: Duration = Duration::from_millis(20);

/// 100 clients are connected, and nobody talks: the server rests.
pub fn idle(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let clients = subject.target(server).connect_all(100)?;
        for client in &clients {
            client.echo(b"good night")?;
        }
        let before = cpu_time(server.pid())?;
        // A measurement: the time is what is measured by.
        thread::sleep(WATCH);
        let used = cpu_time(server.pid())?.saturating_sub(before);
        ensure!(
            used <= REST,
            "with nothing to do, the server used {used:?} of CPU time in \
             {WATCH:?}"
        );
        for client in &clients {
            client.echo(b"good morning")?;
        }
        Ok(())
    })
}
