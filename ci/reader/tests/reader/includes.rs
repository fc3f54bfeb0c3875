//! The includes of a book, and what can be wrong with them.

use crate::support::Book;
use reader::Problem;
use reader::includes::{of_book, problems};

/// The includes of `book` as `chapter:line target anchor`.
fn listed(book: &Book) -> Vec<String> {
    let includes = of_book(book.root()).unwrap();
    includes
        .iter()
        .map(|include| {
            format!(
                "{}:{} {} {}",
                include.chapter.display(),
                include.line,
                include.target.display(),
                include.anchor.as_deref().unwrap_or("-")
            )
            .replace('\\', "/")
        })
        .collect()
}

#[test]
fn includes_are_listed_in_reading_order() {
    let book = Book::new();
    book.write(
        "book/introduction.md",
        "# Introduction\n\n{{#include parts/note.md}}\n\n\
         \\{{#include this/is/text.md}}\n{{#title An introduction}}\n",
    );
    book.write(
        "book/parts/note.md",
        "> A note\n\n{{#playground ../../listings/hello/src/main.rs}}\n",
    );
    let expected = [
        "book/introduction.md:3 book/parts/note.md -",
        "book/parts/note.md:3 listings/hello/src/main.rs -",
        "book/streams/tcp.md:4 listings/hello/src/main.rs main",
    ];
    assert_eq!(listed(&book), expected);
    assert_eq!(problems(book.root()).unwrap(), []);
}

#[test]
fn lines_are_those_of_the_file_even_inside_an_anchor() {
    let book = Book::new();
    book.write("book/introduction.md", "{{#include part.md:inner}}\n");
    book.write(
        "book/part.md",
        "before\n<!-- ANCHOR: inner -->\n<!-- ANCHOR: x -->\n\n\
         {{#include gone.rs}}\n<!-- ANCHOR_END: inner -->\n\
         {{#include not/taken.rs}}\n",
    );
    assert_eq!(listed(&book)[1], "book/part.md:5 book/gone.rs -");
    let problems = problems(book.root()).unwrap();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].line, Some(5));
}

#[test]
fn each_mistake_is_named_with_its_line() {
    const LISTING: &str = "../listings/hello/src/main.rs";
    const INCLUDES: &str = "includes listings/hello/src/main.rs";
    for (include, expected) in [
        (
            "{{#include no.rs}}".to_owned(),
            "includes book/no.rs, which cannot be read: ".to_owned(),
        ),
        (
            format!("{{{{#include {LISTING}:mian}}}}"),
            format!("{INCLUDES}, which has no anchor `mian`"),
        ),
        (
            format!("{{{{#rustdoc_include {LISTING}:hollow}}}}"),
            format!(
                "{INCLUDES}, which has nothing between the `hollow` anchors"
            ),
        ),
        (
            format!("{{{{#include {LISTING}:endless}}}}"),
            format!("{INCLUDES}, which has no end of the anchor `endless`"),
        ),
        (
            format!("{{{{#include {LISTING}:2:5}}}}"),
            format!("{INCLUDES} by line numbers (2:5), which drift"),
        ),
        (
            format!("{{{{#include {LISTING}"),
            format!("`{{{{#include {LISTING}` is shown as it stands"),
        ),
        (
            format!("{{{{#include {LISTING}\n}}}}"),
            format!("`{{{{#include {LISTING}` is not closed"),
        ),
        (
            "{{#include ../../away.rs}}".to_owned(),
            "includes ../away.rs, outside the repository".to_owned(),
        ),
        (
            "{{#include introduction.md}}".to_owned(),
            "includes book/introduction.md, which includes this text"
                .to_owned(),
        ),
    ] {
        let book = Book::new();
        book.change(
            "listings/hello/src/main.rs",
            "//! A listing.",
            "// ANCHOR: hollow\n// ANCHOR_END: hollow\n// ANCHOR: endless",
        );
        book.write("book/introduction.md", &format!("# A\n\n{include}\n"));
        let problems = problems(book.root()).unwrap();
        let told: Vec<String> =
            problems.iter().map(Problem::to_string).collect();
        // What includes itself is first read in full, then found again.
        assert_eq!(told.len(), 1, "{include}: {told:#?}");
        let expected = format!("book/introduction.md:3: {expected}");
        assert!(told[0].starts_with(&expected), "{include}: {told:#?}");
    }
}

#[test]
fn an_include_in_a_quotation_is_refused() {
    let told = |text: &str| {
        let book = Book::new();
        book.write("book/part.md", "one\n\ntwo\n");
        book.write("book/introduction.md", text);
        let problems = problems(book.root()).unwrap();
        problems.iter().map(Problem::to_string).collect::<Vec<_>>()
    };
    for quotation in ["> {{#include part.md}}", "  > So: {{#include part.md}}"]
    {
        assert_eq!(
            told(&format!("# A\n\n> [!NOTE]\n{quotation}\n")),
            ["book/introduction.md:4: includes part.md in a quotation, but \
                 only its first line would be quoted"]
        );
    }
    assert_eq!(told("> A quotation.\n\n{{#include part.md}}\n"), [""; 0]);
}

#[test]
fn code_may_hold_what_looks_like_a_directive() {
    let book = Book::new();
    book.change(
        "listings/hello/src/main.rs",
        "fn main() {}",
        "fn main() { println!(\"{{#if}}\") }",
    );
    assert_eq!(problems(book.root()).unwrap(), []);
}
