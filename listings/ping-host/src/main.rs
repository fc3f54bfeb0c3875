//! ping on the real kernel: echo requests to an address of this machine, and
//! what comes back.
#[cfg(unix)]
mod icmp;
#[cfg(unix)]
mod ping;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    ping::main()
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux or macOS: it shows a socket for ICMP, \
         which Windows gives to administrators alone (others there call \
         IcmpSendEcho). `cargo run -p ping` runs everywhere"
    )
}
