//! `--watch`: what is rebuilt, and when an open page loads anew.

use crate::support::{Book, Reader, Socket, get};

/// Whether a watch reports only what comes after its beginning. On macOS it
/// may begin with changes from shortly before, and so with a build.
const STRICT: bool = cfg!(target_os = "linux");

const WATCH: [&str; 3] = ["--port", "0", "--watch"];

#[test]
fn a_change_of_any_part_reloads_the_page() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    let address = reader.address();
    const CSS: &str = "book/theme/additions.css";
    for (file, old, new, page) in [
        ("book/introduction.md", "first", "second", "index.html"),
        ("book/figures/layers.svg", "Layers", "Hosts", "figures/layers.svg"),
        (CSS, "red", "blue", CSS),
        ("listings/hello/src/main.rs", "{}", "{ 1 }", "streams/tcp.html"),
        ("book/SUMMARY.md", "Streams", "Rivers", "toc.html"),
        ("book.toml", "A small", "A renamed", "index.html"),
    ] {
        let mut socket = Socket::of_page(address);
        assert!(!STRICT || socket.is_silent(), "{file}");
        book.change(file, old, new);
        reader.line(&format!("built again: {file} has changed"));
        assert_eq!(socket.message(), "reload", "{file}");
        let page = get(address, &format!("/{page}"));
        assert!(page.body.contains(new), "{file}: {}", page.body);
    }
}

#[test]
fn a_broken_change_leaves_the_last_good_pages() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    let address = reader.address();
    let mut socket = Socket::of_page(address);

    book.change("book/introduction.md", "first text", "{{#include no.rs}}");
    reader.line("book/introduction.md:3: includes book/no.rs");
    reader.line("the last good pages stay");
    assert!(get(address, "/").body.contains("The first text."));
    assert!(!STRICT || socket.is_silent());

    book.change("book/introduction.md", "{{#include no.rs}}", "third text");
    reader.line("built again");
    assert_eq!(socket.message(), "reload");
    assert!(get(address, "/").body.contains("The third text."));
}

#[test]
fn a_page_that_was_on_its_way_during_a_build_is_told_at_once() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    let address = reader.address();
    let old = Socket::path(address);
    book.change("book/introduction.md", "first text", "second text");
    reader.line("built again");
    assert_eq!(Socket::open(address, &old).message(), "reload");
    assert!(!STRICT || Socket::of_page(address).is_silent());
}

#[test]
fn a_renamed_folder_is_a_change() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    let address = reader.address();
    let [streams, sockets] = ["book/streams", "book/sockets"];
    std::fs::rename(book.path(streams), book.path(sockets)).unwrap();
    reader.line("the last good pages stay");
    book.change("book/SUMMARY.md", "streams/", "sockets/");
    reader.line("built again");
    assert_eq!(get(address, "/sockets/tcp.html").status, 200);
    assert_eq!(get(address, "/streams/tcp.html").status, 404);
}

#[test]
fn the_page_of_another_reader_waits_for_the_next_build() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    let address = reader.address();
    let mut socket = Socket::open(address, "/__livereload/1");
    // An answer on another connection: by then a message would be here.
    assert_eq!(get(address, "/").status, 200);
    assert!(!STRICT || socket.is_silent());
    book.change("book/introduction.md", "first text", "second text");
    assert_eq!(socket.message(), "reload");
}

#[test]
fn what_a_build_or_an_editor_makes_starts_no_build() {
    let book = Book::new();
    let mut reader = Reader::serve(&book, &WATCH);
    reader.address();
    for file in ["book/introduction.md", "book/streams/tcp.md"] {
        book.write("target/notes.md", "made by a tool");
        book.write("book/introduction.md~", "kept by an editor");
        book.change(file, "# ", "# New: ");
        // A build too many would name another file here, or more than one.
        let told = reader.line("built again");
        let expected = format!("built again: {file} has changed");
        assert!(!STRICT || told == expected, "{told}");
    }
}
