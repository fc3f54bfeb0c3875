//! The smallest ring: receives are submitted, and complete when bytes come.
//! First one, then two that end in the other order, then four with one call,
//! and one that is cancelled.
#[cfg(target_os = "linux")]
mod demo;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows io_uring")
}
