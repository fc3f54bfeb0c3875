//! Which signals are queued, what the signal of a socket says, and what
//! happens when the queue is full.
#[cfg(target_os = "linux")]
mod queue;
#[cfg(target_os = "linux")]
mod scenes;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    scenes::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows F_SETSIG")
}
