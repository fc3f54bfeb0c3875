//! An echo server of the fifth model: the kernel itself receives and sends, and
//! tells the program what is done. Nothing here is ever "ready".
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows io_uring")
}
