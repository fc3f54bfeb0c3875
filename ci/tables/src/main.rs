//! `cargo run -p tables` makes the tables of the book anew.

fn main() -> anyhow::Result<()> {
    for table in tables::make(&testkit::listing::root())? {
        let what = if table.write()? { "made" } else { "as it was" };
        println!("{}: {what}", table.name());
    }
    Ok(())
}
