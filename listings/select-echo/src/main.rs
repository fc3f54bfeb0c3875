//! An echo server with `select`: at each call the kernel gets a set of all
//! sockets, and looks at every one of them. A set has room for the descriptors
//! 0 to 1023, and whoever gets a higher one is turned away.
#[cfg(unix)]
mod server;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    server::main()
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux or macOS: it shows select with sets of bits"
    )
}
