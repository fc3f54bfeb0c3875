//! An echo server with epoll, level-triggered: each socket is given to the
//! kernel once, and each wait says which of them are ready.
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
