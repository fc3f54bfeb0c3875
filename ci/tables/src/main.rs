//! `cargo run -p tables` makes the tables of the book anew.

use std::fs;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    for table in tables::make(&testkit::listing::root())? {
        let same = fs::read_to_string(&table.path)
            .is_ok_and(|text| text == table.text);
        let name = table.path.file_name().unwrap_or_default().display();
        if same {
            println!("{name}: as it was");
        } else {
            fs::write(&table.path, &table.text)
                .with_context(|| format!("cannot write {name}"))?;
            println!("{name}: made");
        }
    }
    Ok(())
}
