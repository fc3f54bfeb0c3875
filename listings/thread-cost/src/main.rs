//! What a thread costs: addresses and memory while it waits, and time when it
//! starts and when another takes over from it.
#[cfg(target_os = "linux")]
mod demo;
#[cfg(target_os = "linux")]
mod waiting;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it asks /proc for its own memory")
}
