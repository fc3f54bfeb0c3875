//! A message in as many segments as it has bytes.

use crate::{Pattern, Target};

// ANCHOR: byte_by_byte
/// Sends a message byte by byte and then reads it; then sends it once more,
/// and waits for each byte before it sends the next.
///
/// # Errors
///
/// Where a byte is wrong, or does not come back.
pub fn byte_by_byte(target: &Target) -> anyhow::Result<()> {
    let message = Pattern::new(2).first(500);
    let peer = target.connect()?;
    target.say("peer: I send 500 bytes, each in a call of its own");
    for byte in message.chunks(1) {
        peer.send(byte)?;
    }
    peer.expect(&message)?;
    target.say("server: all 500 came back");
    target.say("peer: once more, and now I wait for each byte");
    for byte in message.chunks(1) {
        peer.echo(byte)?;
    }
    target.say("server: all 500 came back, one by one");
    Ok(())
}
// ANCHOR_END: byte_by_byte
