//! Four listeners share one address. Who gets a client is decided by a hash of
//! the addresses and ports, and by nothing else.
#[cfg(target_os = "linux")]
mod spread;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    spread::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows SO_REUSEPORT")
}
