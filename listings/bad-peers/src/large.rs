//! Much more than the buffers hold.

use crate::{Pattern, Target};

/// Sends 16 MiB while it reads them: far more than the kernel buffers hold, so
/// the server meets short reads and short writes.
///
/// # Errors
///
/// Where a byte is wrong or missing.
pub fn large(target: &Target) -> anyhow::Result<()> {
    target.say("peer: I send 16 MiB, and read while I send");
    target.connect()?.exchange(&Pattern::new(1), 16 << 20)?;
    target.say("server: all of them came back, and the end");
    Ok(())
}
