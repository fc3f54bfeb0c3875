//! Two events that mean somebody else: the number of a closed socket has come
//! back; and a socket that is closed here is still open somewhere else.
#[cfg(target_os = "linux")]
mod demo;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    demo::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows epoll")
}
