//! Program 5 of the notes with epoll itself: the three system calls that the
//! notes' `EpollSelector` makes, and the callbacks that it keeps.
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
