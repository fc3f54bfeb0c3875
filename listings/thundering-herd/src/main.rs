//! Four threads, each with an epoll, wait for the same listener. One client
//! comes: who wakes up?
#[cfg(target_os = "linux")]
mod herd;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    herd::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows epoll")
}
