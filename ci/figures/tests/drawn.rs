//! The figures in the book are those that the transcripts draw.

use std::fs;

#[test]
fn figures_are_as_drawn() {
    let root = figures::root();
    for figure in figures::draw(&root).unwrap() {
        figure.check("cargo run -p figures").unwrap();
    }
}

#[test]
fn the_figure_to_play_with_is_light() {
    let path = figures::root().join("book/figures/drop-a-segment.html");
    let text = fs::read_to_string(path).unwrap();
    let scripts = text.split("<script").skip(1);
    let bytes: usize = scripts
        .map(|it| it.split_once("</script>").expect("it ends").0.len())
        .sum();
    assert!(bytes > 0, "it has no script");
    assert!(bytes < 30_000, "{bytes} bytes of script and data");
}
