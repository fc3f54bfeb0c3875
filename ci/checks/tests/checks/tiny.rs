//! A small repository that passes every check.

use std::io::{self, Write};
use std::path::Path;
use std::{env, fs};

use checks::{CHECKS, Check};
use tempfile::TempDir;

/// The files of the repository: path, then text. The words of the chapter are
/// filled up by [`Tiny::new`].
const FILES: [(&str, &str); 12] = [
    (
        "Cargo.toml",
        r#"[workspace]
resolver = "3"
members = ["listings/*"]

[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = "1.95"
license = "MIT"
publish = false

[workspace.lints.rust]
missing_docs = "warn"
"#,
    ),
    (
        "Cargo.lock",
        r#"version = 4

[[package]]
name = "hello"
version = "0.1.0"
"#,
    ),
    ("README.md", "# Tiny\n\nRun `cargo run -p hello`.\n"),
    (
        ".github/workflows/checks.yml",
        "toolchain: 1.95.0 # minimum\ntoolchain: stable\n",
    ),
    (
        "book.toml",
        r#"[book]
title = "Tiny"
src = "book"

[build]
build-dir = "target/book"
create-missing = false
"#,
    ),
    (
        "book/SUMMARY.md",
        "# Summary

[Introduction](introduction.md)

- [Hello](part/hello.md)
- [Glossary](appendices/glossary.md)
",
    ),
    (
        "book/introduction.md",
        "# Introduction\n\nRead [on](part/hello.md#try-it).\n",
    ),
    (
        "book/part/hello.md",
        "# Hello

It greets (握手), with `Hello!`.

```rust,ignore
{{#include ../../listings/hello/src/main.rs:greet}}
```

```console
{{#include ../../listings/hello/transcript.txt}}
```

```sh
cargo run -p hello
```

{{#include ../figures/wire.svg}}

> [!NOTE]
> See <https://www.rfc-editor.org/rfc/rfc9293>.

## Try it

## From the notes

## Read on
",
    ),
    ("book/appendices/glossary.md", "# Glossary\n\nA word.\n"),
    (
        "book/figures/wire.svg",
        r#"<svg role="img" aria-labelledby="wire-title wire-desc" viewBox="0 0 9 9">
<title id="wire-title">A wire</title>
<desc id="wire-desc">A line from left to right</desc>
<path d="M0 5h9" stroke="currentColor" fill="none"/>
<circle r="2" fill="var(--links)" class="end"/>
</svg>
"#,
    ),
    (
        "listings/hello/Cargo.toml",
        r#"[package]
name = "hello"
description = "Greets"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[package.metadata.listing]
kind = "demo"
platforms = ["linux", "macos", "windows"]

[lints]
workspace = true
"#,
    ),
    (
        "listings/hello/src/main.rs",
        r#"//! Greets.

// ANCHOR: greet
fn main() {
    println!("hello");
}
// ANCHOR_END: greet
"#,
    ),
];

/// Whether the tool of a check is missing on this machine, so that its test
/// cannot be done. It says so even where passing tests print nothing; in CI
/// nothing may be missing.
pub fn lacks_tool(name: &str) -> bool {
    let needs = find(name).needs.as_ref();
    let Some(tool) = needs.filter(|tool| !(tool.is_there)()) else {
        return false;
    };
    assert!(env::var_os("CI").is_none(), "CI has no {}", tool.name);
    let (needs, install) = (tool.name, tool.install);
    // Unlike eprintln, this gets past the capture of the test harness.
    let mut stderr = io::stderr();
    writeln!(stderr, "{name}: skipped: needs {needs} ({install})").unwrap();
    true
}

fn find(name: &str) -> &'static Check {
    CHECKS.iter().find(|check| check.name == name).unwrap()
}

/// The repository, in a folder that goes with it.
pub struct Tiny {
    folder: TempDir,
}

impl Tiny {
    /// Writes the good repository.
    pub fn new() -> Tiny {
        let tiny = Tiny { folder: tempfile::tempdir().unwrap() };
        for (file, text) in FILES {
            tiny.write(file, text);
        }
        let words = "A socket has two ends, and each end has a port. ";
        tiny.replace(
            "book/part/hello.md",
            "## Try it\n",
            &format!("## Try it\n\n{}\n", words.repeat(100)),
        );
        let transcript = "$ cargo run -p hello\nhello\n";
        tiny.write("listings/hello/transcript.txt", transcript);
        tiny
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders that it lies in.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces the first `old` in a file, which must be there.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.root().join(file)).unwrap();
        assert!(text.contains(old), "no {old:?} in {file}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// Writes one more line at the end of a file and tells its number.
    pub fn append(&self, file: &str, line: &str) -> usize {
        let text = fs::read_to_string(self.root().join(file)).unwrap();
        self.write(file, &format!("{text}{line}\n"));
        text.lines().count() + 1
    }

    /// What the check of this name finds, each as it is printed.
    pub fn problems(&self, name: &str) -> Vec<String> {
        let problems = (find(name).run)(self.root()).unwrap();
        problems.iter().map(ToString::to_string).collect()
    }

    /// The error of the check of this name, which could not look.
    pub fn error(&self, name: &str) -> String {
        format!("{:#}", (find(name).run)(self.root()).unwrap_err())
    }
}
