//! Clients that say nothing, or nothing more.

use anyhow::Context;

use crate::Target;

// ANCHOR: silent_inside
/// While one client keeps silent in the middle of its message, others are
/// answered, whether they came before it or after.
///
/// # Errors
///
/// Where one is not answered, or the silent one is not when it speaks.
pub fn silent_inside(target: &Target) -> anyhow::Result<()> {
    let before = target.connect()?;
    before.echo(b"first")?;
    let silent = target.connect()?;
    target.say("peer: \"hel\", and now I am silent");
    silent.send(b"hel")?;
    let after = target.connect()?;
    let held = "while one is silent inside its message";
    for _ in 0..3 {
        before
            .echo(b"before")
            .and_then(|()| after.echo(b"after"))
            .with_context(|| format!("{held}, another is not served"))?;
    }
    target.say("server: serves one who came before, and one who came after");
    target.say("peer: \"lo\"");
    silent.send(b"lo")?;
    silent.expect(b"hello")?;
    target.say("server: \"hello\"");
    for client in [silent, after, before] {
        client.end_sending()?;
        client.expect_end()?;
    }
    Ok(())
}
// ANCHOR_END: silent_inside

/// 50 clients connect and say nothing; another one is served, and so are they
/// when they speak at last.
///
/// # Errors
///
/// Where one of them is not served.
pub fn many_silent(target: &Target) -> anyhow::Result<()> {
    target.say("peer: we are 50, and say nothing");
    let silent = target.connect_all(50)?;
    target.serves_another().context("while 50 are silent")?;
    target.say("server: serves one who came after us");
    target.say("peer: now we speak");
    for client in silent.iter().rev() {
        client.echo(b"at last").context("after a long silence")?;
    }
    target.say("server: serves all 50");
    Ok(())
}
