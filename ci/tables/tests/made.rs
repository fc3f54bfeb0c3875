//! The tables in the book are those that the listings make.

use std::fs;

#[test]
fn tables_are_as_made() {
    let root = testkit::listing::root();
    for table in tables::make(&root).unwrap() {
        let name = table.path.file_name().unwrap().display();
        let text = fs::read_to_string(&table.path).unwrap_or_default();
        // A checkout on Windows may have other ends of lines.
        assert!(
            text.replace("\r\n", "\n") == table.text,
            "{name} is not what the listings say: cargo run -p tables"
        );
    }
}
