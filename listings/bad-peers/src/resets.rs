//! Clients that end with a reset.

use anyhow::Context;

use crate::{Pattern, Target};

/// Clients reset their connection at rest: after an echo, after words that
/// were not yet answered, and straight after the connection was made. Others
/// are served, those who were there and those who come.
///
/// # Errors
///
/// Where one is not served.
pub fn reset_at_rest(target: &Target) -> anyhow::Result<()> {
    let bystander = target.connect()?;
    bystander.echo(b"hello")?;
    for _ in 0..5 {
        target.say("peer: three of us connect and break off");
        let peer = target.connect()?;
        peer.echo(b"goodbye")?;
        peer.reset()?;

        let peer = target.connect()?;
        peer.send(b"never mind")?;
        peer.reset()?;

        target.connect()?.reset()?;

        bystander
            .echo(b"what was that?")
            .and_then(|()| target.serves_another())
            .context("after a client's reset")?;
        target.say("server: serves others");
    }
    Ok(())
}

/// A client resets its connection while the server has bytes for it that it
/// cannot send.
///
/// # Errors
///
/// Where another is not served.
pub fn reset_mid_write(target: &Target) -> anyhow::Result<()> {
    let bystander = target.connect()?;
    for seed in 0..3 {
        let peer = target.connect()?;
        target.say("peer: I send all that you take, and read nothing");
        peer.fill(&Pattern::new(seed), &bystander, target.stall)?;
        target.say("peer: I break off");
        peer.reset()?;
        bystander
            .echo(b"what was that?")
            .and_then(|()| target.serves_another())
            .context("after a reset with bytes unsent")?;
        target.say("server: serves others");
    }
    Ok(())
}
