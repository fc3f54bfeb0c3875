//! Waiting, never longer than a deadline.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;

/// How long a test waits for something that should come at once. It is long,
/// because many tests share few cores, and only a failing test waits it out.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Asks `holds` again and again until it says `true`.
///
/// For conditions that the operating system cannot be told to wait for: how
/// many descriptors another process has, or whether it has ended.
///
/// # Errors
///
/// The error of `holds`, or, after `patience`, a sentence made of `what`: give
/// it as what is waited for, `the server to close its sockets`.
pub fn eventually(
    patience: Duration,
    what: &str,
    mut holds: impl FnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    let end = Instant::now() + patience;
    while !holds()? {
        if Instant::now() >= end {
            bail!("waited {patience:?} in vain for {what}");
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}
