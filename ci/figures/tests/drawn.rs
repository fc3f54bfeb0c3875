//! The figures in the book are those that the transcripts draw.

use std::fs;

#[test]
fn figures_are_as_drawn() {
    let root = figures::root();
    for figure in figures::draw(&root).unwrap() {
        let name = figure.path.file_name().unwrap().display();
        let text = fs::read_to_string(&figure.path).unwrap_or_default();
        // A checkout on Windows may have other ends of lines.
        assert!(
            text.replace("\r\n", "\n") == figure.text,
            "{name} is not what the transcripts draw: cargo run -p figures"
        );
    }
}
