//! The handshake of Linux's own TCP: alice and bob are networks in the
//! kernel, and this program is the wire between them. It holds each packet
//! until it has asked the kernel for the states of both ends.
#[cfg(target_os = "linux")]
mod watch;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    watch::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux: it watches the kernel's own handshake; run \
         'cargo run -p handshake', which shows the same on a virtual network"
    )
}
