//! An echo server with `poll`: at each call the kernel gets an array of all
//! sockets, as long as need be, and looks at every one of them.
#[cfg(unix)]
mod server;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux or macOS: it shows poll")
}
