//! Two threads hand a turn to and fro, and whoever has not got it keeps asking
//! for it. On one core each hand-over needs a switch from one thread to the
//! other. On two cores it does not: both run at one instant.
#[cfg(target_os = "linux")]
mod demo;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it picks the cores of threads")
}
