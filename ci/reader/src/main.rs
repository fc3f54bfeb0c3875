//! x
fn main() -> anyhow::Result<()> { let b = mdbook_driver::MDBook::load(".")?; b.build()?; Ok(()) }
