//! As many threads as there are cores, or as you say: each has a listener, an
//! epoll and clients of its own, and shares nothing with the others. The kernel
//! decides which listener gets a client: all have the same address.
//! With `--work-us 50` it computes for 50 µs before each answer.
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux: it shows SO_REUSEPORT")
}
