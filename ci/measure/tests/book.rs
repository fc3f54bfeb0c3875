//! The plots and tables of the book are those of the results that are kept.
#![cfg(target_os = "linux")]

use measure::book;

#[test]
fn they_are_drawn_from_what_is_kept() {
    let results = book::kept().expect("they are kept");
    assert!(results.full && results.complete);
    for file in book::files(&results) {
        let command = "cargo run -p measure -- --draw";
        file.check(command).expect("it is as it is drawn");
    }
}
