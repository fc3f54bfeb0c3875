//! A server that closed first cannot be started again on its port, unless it
//! has said that TIME-WAIT is no reason to refuse. Two servers at once remain
//! impossible.
#[cfg(unix)]
mod restart;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    restart::main()
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux or macOS: on Windows TIME-WAIT does not \
         keep a server from its port, and SO_REUSEADDR means something else"
    )
}
