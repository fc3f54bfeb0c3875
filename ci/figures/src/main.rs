//! `cargo run -p figures` draws the ladders of the book anew.

use std::fs;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    for figure in figures::draw(&figures::root())? {
        let same = fs::read_to_string(&figure.path)
            .is_ok_and(|text| text == figure.text);
        let name = figure.path.file_name().unwrap_or_default().display();
        if same {
            println!("{name}: as it was");
        } else {
            fs::write(&figure.path, &figure.text)
                .with_context(|| format!("cannot write {name}"))?;
            println!("{name}: drawn");
        }
    }
    Ok(())
}
