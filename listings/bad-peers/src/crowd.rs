//! Many clients: at once, and one after another.

use std::ops::Range;

use anyhow::Context;

use crate::{Pattern, Target};

/// 100 clients talk at once, each with bytes of its own, in rounds: nobody is
/// answered by what another said, and nobody waits until another has left.
///
/// # Errors
///
/// Where one gets other bytes than its own, or none.
pub fn crowd(target: &Target) -> anyhow::Result<()> {
    let clients = target.connect_all(100)?;
    let messages: Vec<_> = (0..100)
        .map(|number| Pattern::new(100 + number).first(8 * 1024))
        .collect();
    target.say("peer: we are 100; each sends 8 KiB of its own, four times");
    for _ in 0..4 {
        for (client, message) in clients.iter().zip(&messages) {
            client.send(message)?;
        }
        for (client, message) in clients.iter().zip(&messages) {
            client.expect(message).context("with 100 clients at once")?;
        }
    }
    target.say("server: everybody got their own bytes");
    Ok(())
}

/// Clients come, are served, and leave, one after another; `numbers` are what
/// an error calls them.
///
/// # Errors
///
/// Where one is not served.
pub fn one_after_another(
    target: &Target,
    numbers: Range<u32>,
) -> anyhow::Result<()> {
    target.say(&format!("peer: {} come and go", numbers.len()));
    for number in numbers {
        let client = target.connect()?;
        client
            .echo(b"I will not stay")
            .and_then(|()| client.end_sending())
            .and_then(|()| client.expect_end())
            .with_context(|| format!("client {number} of many"))?;
    }
    target.say("server: served them all");
    Ok(())
}
