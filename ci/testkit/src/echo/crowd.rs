//! Many clients: at once, and one after another.

use anyhow::Context;
use bad_peers as peers;

use super::Subject;
use crate::deadline::eventually;
use crate::listing::Platform;
use crate::procfs::open_descriptors;

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

/// 300 clients come, are served, and leave, one after another. On Linux the
/// server then has no more descriptors open than after the first.
pub fn many(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let (target, pid) = (subject.target(server), server.pid());
        peers::one_after_another(&target, 0..1)?;
        let first = (Platform::current() == Platform::Linux)
            .then(|| open_descriptors(pid))
            .transpose()?;
        peers::one_after_another(&target, 1..300)?;
        let Some(first) = first else {
            return Ok(());
        };
        eventually(subject.wait(), "the server to close its sockets", || {
            Ok(open_descriptors(pid)? <= first)
        })
        .with_context(|| {
            let now = open_descriptors(pid).unwrap_or_default();
            format!("{first} descriptors after one client, {now} after 300")
        })
    })
}
