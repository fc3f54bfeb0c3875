//! The tables in the book are those that the listings make.

#[test]
fn tables_are_as_made() {
    for table in tables::make(&testkit::listing::root()).unwrap() {
        table.check("cargo run -p tables").unwrap();
    }
}
