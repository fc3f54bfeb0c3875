//! A thread for each client, until the system gives no more. The listing
//! limits its own memory, so that this comes soon.
#[cfg(target_os = "linux")]
mod demo;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it limits its own addresses")
}
