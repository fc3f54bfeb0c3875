//! What a signal handler may do, and what a signal does to a call that waits.
#[cfg(unix)]
mod scenes;
#[cfg(unix)]
mod signal;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        None => scenes::main(),
        Some("stuck") => scenes::stuck(), // started by the first scene
        Some(other) => anyhow::bail!("{other}: no argument is expected"),
    }
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!("this listing needs Linux or macOS: it shows signals")
}
