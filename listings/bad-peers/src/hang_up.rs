//! Clients that are gone before the conversation is over.

use anyhow::Context;

use crate::Target;

// ANCHOR: hang_up
/// Closes with the answer unread, so that the close is a reset. Another
/// client, who has waited meanwhile, is served.
///
/// # Errors
///
/// Where it is not, or nobody is who comes then.
pub fn hang_up(target: &Target) -> anyhow::Result<()> {
    let peer = target.connect()?;
    target.say("peer: \"hello\"; I wait for the echo, and do not read it");
    peer.send(b"hello")?;
    peer.await_answer()?;
    let next = target.connect()?;
    next.send(b"my turn?")?;
    target.say("peer: I close; another client waits for an answer");
    drop(peer);
    next.expect(b"my turn?")
        .context("one has closed without reading, and another is not served")?;
    drop(next);
    target.serves_another()?;
    target.say("server: serves it, and the next one");
    Ok(())
}
// ANCHOR_END: hang_up

/// Closes in the middle of a message, at once: it depends on chance whether
/// the server's echo comes before the close, after it, or not at all.
///
/// # Errors
///
/// Where another client is not served.
pub fn cut_short(target: &Target) -> anyhow::Result<()> {
    for _ in 0..5 {
        let peer = target.connect()?;
        target.say("peer: \"hel\", and I close in the middle of the word");
        peer.send(b"hel")?;
        drop(peer);
        target.serves_another().context("after a client hung up")?;
        target.say("server: serves another");
    }
    Ok(())
}
