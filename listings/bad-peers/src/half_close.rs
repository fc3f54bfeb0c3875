//! A client that has said all it has to say, and still listens.

use anyhow::Context;

use crate::{Pattern, Target};

/// Sends, ends sending, and only then reads: every byte comes back, then the
/// end of the stream. Once with a few bytes, whose end arrives together with
/// them, and once with all that the server takes, so that the end arrives
/// while the server has megabytes unsent.
///
/// # Errors
///
/// Where a byte or the end does not come.
pub fn half_close(target: &Target) -> anyhow::Result<()> {
    for message in ["goodbye", "a", "and thanks for all the bytes"] {
        target.say(&format!("peer: {message:?}, and then I end sending"));
        let peer = target.connect()?;
        peer.send(message.as_bytes())?;
        peer.end_sending()?;
        peer.expect(message.as_bytes())
            .and_then(|()| peer.expect_end())
            .context("after the client has ended sending")?;
        target.say("server: the same bytes, and the end");
    }

    let bystander = target.connect()?;
    let pattern = Pattern::new(3);
    let peer = target.connect()?;
    target.say("peer: all that you take, I do not read; then I end sending");
    let sent = peer.fill(&pattern, &bystander, target.stall)?;
    peer.end_sending()?;
    peer.expect_pattern(&pattern, sent)
        .and_then(|()| peer.expect_end())
        .context("after the client has ended sending, with much unsent")?;
    target.say("server: the same bytes, and the end");
    Ok(())
}
