//! Many clients: at once, and one after another.

use std::ops::Range;

use anyhow::Context;

use crate::{Client, Pattern, Target};

/// How far one client's words are from the next one's in the pattern that all
/// of them quote.
const APART: usize = 64;

/// 100 clients talk at once, each with bytes of its own, in rounds: nobody is
/// answered by what another said, and nobody waits until another has left.
///
/// # Errors
///
/// Where one gets other bytes than its own, or none.
pub fn crowd(target: &Target) -> anyhow::Result<()> {
    target.say("peer: we are 100; each sends 8 KiB of its own, four times");
    let clients = target.connect_all(100)?;
    talk(&clients, 8 * 1024).context("with 100 clients at once")?;
    target.say("server: everybody got their own bytes");
    Ok(())
}

/// 1,000 clients do the same, and then break off all at once: somebody who
/// comes after them is served.
///
/// # Errors
///
/// Where one gets other bytes than its own, or none.
pub fn thousand(target: &Target) -> anyhow::Result<()> {
    target.say("peer: we are 1,000; each sends 1 KiB of its own, four times");
    let mut clients = Vec::new();
    target.gather(&mut clients, 1000)?;
    talk(&clients, 1024).context("with 1,000 clients at once")?;
    target.say("server: everybody got their own bytes");
    target.say("peer: we break off");
    for client in clients {
        client.reset()?;
    }
    target.serves_another()?;
    target.say("server: serves another");
    Ok(())
}

/// Everybody speaks, and then everybody listens; four times.
fn talk(clients: &[Client], len: usize) -> anyhow::Result<()> {
    let pattern = Pattern::new(100);
    let words = |number| &pattern.from((APART * number) as u64)[..len];
    for _ in 0..4 {
        for (number, client) in clients.iter().enumerate() {
            client.send(words(number))?;
        }
        for (number, client) in clients.iter().enumerate() {
            client.expect(words(number))?;
        }
    }
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
