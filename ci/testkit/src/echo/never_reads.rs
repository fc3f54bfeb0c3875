//! A client that sends and never reads.

use anyhow::ensure;
use bad_peers::Stuck;

use super::Subject;
use crate::listing::Platform;
use crate::procfs::resident_bytes;

/// How much more memory the server may take for one client.
const BOUND: u64 = 16 << 20;

/// A peer sends for as long as the server takes it, and reads nothing. The
/// server must stop taking it, in bounded memory, and serve the others; when
/// the peer reads at last, every byte is there.
pub fn never_reads(subject: &Subject) -> anyhow::Result<()> {
    let memory = |pid| {
        let here = Platform::current() == Platform::Linux;
        if here { resident_bytes(pid) } else { Ok(0) }
    };
    subject.serve(|server| {
        let target = subject.target(server);
        let bystander = target.connect()?;
        bystander.echo(b"hello")?;
        let before = memory(server.pid())?;

        let stuck = Stuck::new(&target, &bystander)?;
        let growth = memory(server.pid())?.saturating_sub(before);
        ensure!(
            growth < BOUND,
            "the server took {growth} bytes of memory for a peer that reads \
             nothing"
        );
        stuck.read_at_last(&target)
    })
}
