use super::tiny::Tiny;

#[test]
fn a_misspelt_anchor_is_named_on_both_sides() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("includes"), [""; 0]);

    tiny.replace("book/part/hello.md", "main.rs:greet", "main.rs:grete");
    let problems = tiny.problems("includes");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("book/part/hello.md:6: "), "{problems:?}");
    assert!(problems[0].contains("grete"), "{problems:?}");
    assert_eq!(
        problems[1],
        "listings/hello/src/main.rs:3: no chapter includes anchor `greet`"
    );
}

#[test]
fn an_unused_anchor_of_a_transcript_is_named() {
    let tiny = Tiny::new();
    let transcript = "listings/hello/transcript.txt";
    tiny.replace(transcript, "hello\n", "hello\n# ANCHOR: rest\n");
    assert_eq!(
        tiny.problems("includes"),
        ["listings/hello/transcript.txt:2: \
          no chapter includes anchor `rest`"]
    );
}

#[test]
fn line_numbers_are_refused() {
    let tiny = Tiny::new();
    tiny.append(
        "book/introduction.md",
        "{{#include ../listings/hello/src/main.rs:4:6}}",
    );
    let problems = tiny.problems("includes");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("book/introduction.md:4: "));
}
