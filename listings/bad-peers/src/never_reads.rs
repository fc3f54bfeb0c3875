//! A client that sends and never reads.

use anyhow::Context;

use crate::{Client, Pattern, Target};

// ANCHOR: never_reads
/// Sends for as long as the server takes it, and reads nothing. The server
/// must stop taking it, and serve the others; when the peer reads at last,
/// every byte is there.
///
/// # Errors
///
/// Where the server takes too much, does not serve others, or loses a byte.
pub fn never_reads(target: &Target) -> anyhow::Result<()> {
    let bystander = target.connect()?;
    bystander.echo(b"hello")?;
    Stuck::new(target, &bystander)?.read_at_last(target)
}

/// A peer that reads nothing, of whom the server takes no more.
#[derive(Debug)]
pub struct Stuck {
    peer: Client,
    pattern: Pattern,
    sent: u64,
}

impl Stuck {
    /// Sends until the server takes no more, while it serves `bystander`.
    ///
    /// # Errors
    ///
    /// Those of [`Client::fill`], and where others are not served.
    pub fn new(target: &Target, bystander: &Client) -> anyhow::Result<Stuck> {
        let pattern = Pattern::new(4);
        let peer = target.connect()?;
        target.say("peer: I send all that you take, and read nothing");
        let sent = peer.fill(&pattern, bystander, target.stall)?;
        target.serves_another().context("a peer reads nothing")?;
        target.say("server: takes no more from it, and serves others");
        Ok(Stuck { peer, pattern, sent })
    }

    /// Reads all that was sent, says one thing more, and ends.
    ///
    /// # Errors
    ///
    /// Where a byte or the end does not come.
    pub fn read_at_last(self, target: &Target) -> anyhow::Result<()> {
        let Stuck { peer, pattern, sent } = self;
        target.say("peer: now I read");
        peer.expect_pattern(&pattern, sent)
            .context("when the peer reads at last")?;
        peer.echo(&pattern.from(sent)[..1])?;
        peer.end_sending()?;
        peer.expect_end()?;
        target.say("server: every byte, and the end");
        Ok(())
    }
}
// ANCHOR_END: never_reads
