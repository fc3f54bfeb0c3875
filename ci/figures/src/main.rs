//! `cargo run -p figures` draws the ladders of the book anew.

fn main() -> anyhow::Result<()> {
    for figure in figures::draw(&figures::root())? {
        let what = if figure.write()? { "drawn" } else { "as it was" };
        println!("{}: {what}", figure.name());
    }
    Ok(())
}
