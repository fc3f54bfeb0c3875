//! Clients that end with a reset.

use anyhow::Context;

use super::Subject;
use crate::pattern::Pattern;

/// Clients reset their connection at rest: after an echo, after words that
/// were not yet answered, and straight after the connection was made. Others
/// are served, those who were there and those who come.
pub fn at_rest(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let bystander = subject.connect(server)?;
        bystander.echo(b"hello")?;
        for _ in 0..5 {
            let client = subject.connect(server)?;
            client.echo(b"goodbye")?;
            client.reset()?;

            let client = subject.connect(server)?;
            client.send(b"never mind")?;
            client.reset()?;

            subject.connect(server)?.reset()?;

            bystander
                .echo(b"what was that?")
                .and_then(|()| subject.serves_another(server))
                .context("after a client's reset")?;
        }
        Ok(())
    })
}

/// A client resets its connection while the server has bytes for it that it
/// cannot send.
pub fn mid_write(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let bystander = subject.connect(server)?;
        for seed in 0..3 {
            let peer = subject.connect(server)?;
            peer.fill(&Pattern::new(seed), &bystander)?;
            peer.reset()?;
            bystander
                .echo(b"what was that?")
                .and_then(|()| subject.serves_another(server))
                .context("after a reset with bytes unsent")?;
        }
        Ok(())
    })
}
