//! Where a file's bytes are between the program and the disk: how much of a
//! file Linux holds in its page cache, after a write, an fsync, a first and a
//! second reading.
#[cfg(target_os = "linux")]
mod cache;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    cache::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux: it shows which pages of a file are in \
         the page cache"
    )
}
