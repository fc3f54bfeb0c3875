//! Writes the chapters as their reader sees them, all includes expanded, and
//! has skeptic make a test of each Rust program in them.
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::builtin_renderers::MarkdownRenderer;

fn main() -> anyhow::Result<()> {
    let root = Path::new("../..");
    for input in ["book.toml", "book", "listings"] {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    let out = env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?;
    let out = PathBuf::from(out).join("chapters");

    let book = MDBook::load(root)?;
    let (book, _) = book.preprocess_book(&MarkdownRenderer::new())?;
    let mut files = Vec::new();
    for item in book.iter() {
        let BookItem::Chapter(chapter) = item else { continue };
        let Some(path) = &chapter.path else { continue };
        let file = out.join(path);
        let folder = file.parent().context("a chapter is in a folder")?;
        fs::create_dir_all(folder)?;
        // Pieces of listings: the crates that they are from build and test
        // them. Skeptic would list each as an ignored test.
        let text = chapter.content.replace("```rust,ignore\n", "```text\n");
        fs::write(&file, text)
            .with_context(|| format!("cannot write {}", file.display()))?;
        files.push(file);
    }
    skeptic::generate_doc_tests(&files);
    Ok(())
}
