//! What select does to the sets that it is given: it writes the answer over
//! the question. And what has no place in a set.
#[cfg(unix)]
mod scenes;

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    scenes::main()
}

#[cfg(not(unix))]
fn main() -> anyhow::Result<()> {
    anyhow::bail!(
        "this listing needs Linux or macOS: it shows select with sets of bits"
    )
}
