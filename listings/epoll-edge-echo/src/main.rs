//! An echo server with epoll, edge-triggered: the kernel reports once that
//! something has come, and the program must remember that there may be more.
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows epoll")
}
