//! Clients that hang up, or end with a reset.

use bad_peers as peers;

use super::Subject;

/// Clients close in the middle of a message, or with an answer unread.
pub fn hang_up(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let target = subject.target(server);
        peers::cut_short(&target)?;
        peers::hang_up(&target)
    })
}

/// Clients reset their connection at rest.
pub fn at_rest(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::reset_at_rest(&subject.target(server)))
}

/// A client resets its connection while the server has bytes for it that it
/// cannot send.
pub fn mid_write(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::reset_mid_write(&subject.target(server)))
}
