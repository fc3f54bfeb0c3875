//! `reader build`, and what keeps a book from being built.

use crate::support::{Book, Reader};
use reader::Problem;
use reader::build::{Options, build};

/// What is wrong with `book`, a line each.
fn problems(book: &Book) -> Vec<String> {
    let problems = build(book.root(), &Options::default()).unwrap_err();
    problems.iter().map(Problem::to_string).collect()
}

#[test]
fn a_book_is_built_into_its_folder() {
    let book = Book::new();
    let output = Reader::build(&book);
    assert!(output.status.success(), "{output:?}");
    assert!(book.read("target/book/index.html").contains("first text"));
    let streams = book.read("target/book/streams/tcp.html");
    assert!(streams.contains("fn main() {}"), "{streams}");
    assert!(!streams.contains("__livereload"), "{streams}");
    assert_eq!(book.built(), ["book"], "a build leaves nothing else behind");
}

#[test]
fn the_pages_can_go_elsewhere() {
    let book = Book::new();
    let options =
        Options { out: Some(book.path("other/pages")), ..Options::default() };
    build(book.root(), &options).unwrap();
    assert!(book.path("other/pages/index.html").is_file());
    assert!(!book.path("target").exists());
}

#[test]
fn a_failed_build_names_the_chapter_and_leaves_the_pages() {
    let book = Book::new();
    assert!(Reader::build(&book).status.success());

    book.write("book/introduction.md", "# Changed\n\n{{#include no.rs}}\n");
    let output = Reader::build(&book);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    let expected = "book/introduction.md:3: includes book/no.rs, \
                    which cannot be read: ";
    assert!(told.starts_with(expected), "{told}");
    assert!(told.ends_with("the book is not built: 1 problem\n"), "{told}");
    assert!(book.read("target/book/index.html").contains("first text"));
    assert_eq!(book.built(), ["book"]);
}

#[test]
fn a_missing_chapter_is_named_with_the_line_that_lists_it() {
    let book = Book::new();
    book.change("book/SUMMARY.md", "streams/tcp.md", "streams/udp.md");
    let problems = problems(&book);
    let expected = "book/SUMMARY.md:5: the chapter book/streams/udp.md \
                    cannot be read: ";
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with(expected), "{problems:#?}");
}

#[test]
fn what_mdbook_refuses_names_its_file() {
    for (file, old, new, expected) in [
        ("book.toml", "[book]", "[book", "book.toml: "),
        (
            "book/SUMMARY.md",
            "# Summary",
            "[A](a.md)\n\n- [B](b.md)\n\n[C](c.md)\n\n- [D](d.md)",
            "book/SUMMARY.md: ",
        ),
    ] {
        let book = Book::new();
        book.change(file, old, new);
        let problems = problems(&book);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].starts_with(expected), "{problems:#?}");
    }
}

#[test]
fn a_warning_of_mdbook_is_a_problem_of_its_chapter() {
    let book = Book::new();
    book.change("book/streams/tcp.md", "# Streams", "# Streams\n\n<p><b>");
    let problems = problems(&book);
    assert!(!problems.is_empty());
    for problem in problems {
        let expected = "book/streams/tcp.md: unclosed HTML tag ";
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn a_book_without_chapters_is_a_problem() {
    let book = Book::new();
    book.write("book/SUMMARY.md", "# Summary\n");
    let problems = problems(&book);
    let expected = "book/SUMMARY.md: mdBook made no first page: ";
    assert!(problems[0].starts_with(expected), "{problems:#?}");
}

#[test]
fn pages_never_replace_the_text() {
    for build_dir in ["book", "."] {
        let book = Book::new();
        book.change("book.toml", "target/book", build_dir);
        let problems = problems(&book);
        assert!(problems[0].contains("holds the text"), "{problems:#?}");
        assert!(book.path("book/introduction.md").is_file());
    }
}
