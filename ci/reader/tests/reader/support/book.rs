//! A book of two chapters and a listing in a folder of its own.

use std::fs::{create_dir_all, read_to_string, rename, write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The files of a book in which nothing is wrong.
const FILES: [(&str, &str); 7] = [
    (
        "book.toml",
        r#"
[book]
title = "A small book"
src = "book"
[build]
build-dir = "target/book"
create-missing = false
[output.html]
additional-css = ["book/theme/additions.css"]
hash-files = false
[output.html.search]
enable = false
"#,
    ),
    (
        "book/SUMMARY.md",
        "# Summary\n\n\
         [Introduction](introduction.md)\n\n\
         - [Streams](streams/tcp.md)\n",
    ),
    ("book/introduction.md", "# Introduction\n\nThe first text.\n"),
    (
        "book/streams/tcp.md",
        "# Streams\n\n\
         ```rust\n{{#include ../../listings/hello/src/main.rs:main}}\n```\n",
    ),
    ("book/figures/layers.svg", "<svg><title>Layers</title></svg>\n"),
    ("book/theme/additions.css", ".listing { color: red; }\n"),
    (
        "listings/hello/src/main.rs",
        "//! A listing.\n\n\
         // ANCHOR: main\nfn main() {}\n// ANCHOR_END: main\n",
    ),
];

/// The book; its folder is removed when it is dropped.
pub struct Book {
    root: TempDir,
}

impl Book {
    pub fn new() -> Book {
        let root = TempDir::new().unwrap();
        let book = Book { root };
        for (file, text) in FILES {
            book.write(file, text);
        }
        book
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.root().join(file)
    }

    pub fn read(&self, file: &str) -> String {
        read_to_string(self.path(file)).unwrap()
    }

    /// Writes a file in one step, so that no build sees half of it.
    pub fn write(&self, file: &str, text: &str) {
        let file = self.path(file);
        create_dir_all(file.parent().unwrap()).unwrap();
        let draft = file.with_file_name(".draft");
        write(&draft, text).unwrap();
        rename(&draft, &file).unwrap();
    }

    /// Replaces `old`, which must be there, by `new`.
    pub fn change(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} does not hold {old}");
        self.write(file, &text.replace(old, new));
    }

    /// The names in the folder of the builds.
    pub fn built(&self) -> Vec<String> {
        let entries = self.path("target").read_dir().unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}
