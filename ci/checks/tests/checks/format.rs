use super::tiny::{Tiny, lacks_tool};

#[test]
fn a_badly_formatted_line_is_named() {
    if lacks_tool("format") {
        return;
    }
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("format"), [""; 0]);

    tiny.replace("listings/hello/src/main.rs", "    println", "  println");
    assert_eq!(
        tiny.problems("format"),
        ["listings/hello/src/main.rs:5: \
          rustfmt formats this differently: run cargo fmt"]
    );
}

#[test]
fn every_piece_of_the_diff_is_named() {
    if lacks_tool("format") {
        return;
    }
    let tiny = Tiny::new();
    let main = "listings/hello/src/main.rs";
    let between = "// A comment.\n".repeat(12);
    tiny.write(
        main,
        &format!("  //! Greets.\n{between}fn main() {{}}\nfn  rest() {{}}\n"),
    );
    let found = tiny.problems("format");
    let places: Vec<_> =
        found.iter().map(|it| it.split(": ").next().unwrap()).collect();
    assert_eq!(places, [format!("{main}:1"), format!("{main}:15")]);
}

#[test]
fn code_that_cannot_be_read_is_an_error() {
    if lacks_tool("format") {
        return;
    }
    let tiny = Tiny::new();
    tiny.replace("listings/hello/src/main.rs", "fn main() {", "fn main( {");
    let error = tiny.error("format");
    assert!(error.starts_with("`cargo fmt --all --check` failed"), "{error}");
    assert!(error.contains("main.rs:"), "{error}");
}
