//! More errors of sockets, made on purpose: those that Linux gives, and other
//! systems give differently or not at all.
#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux: it shows errors as Linux gives them; run \
         'cargo run -p errors' for those that are the same everywhere"
    )
}
