//! An echo server that is driven by signals: the kernel queues one whenever
//! something happens at a socket, with the socket's descriptor in it. The
//! server takes them from the queue one by one.
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod signals;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows F_SETSIG")
}
