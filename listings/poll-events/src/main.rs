//! What poll says of a socket to which one thing after another happens, and
//! what read and write say then.
#[cfg(target_os = "linux")]
mod scenes;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    scenes::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows POLLRDHUP")
}
