//! The chapters, in the order of the contents.

use std::path::{Path, PathBuf};

use crate::markdown;
use crate::place::read;

/// The folder of the text, relative to the root.
pub const FOLDER: &str = "book";

/// A chapter that the contents name and that is there.
pub struct Chapter {
    /// Its file, relative to the root.
    pub file: PathBuf,
    /// Its Markdown, as it was written: includes are not expanded.
    pub text: String,
}

/// The contents, relative to the root.
pub fn summary() -> PathBuf {
    Path::new(FOLDER).join("SUMMARY.md")
}

/// What the contents name, relative to the root, with its line there.
pub fn contents(root: &Path) -> anyhow::Result<Vec<(PathBuf, usize)>> {
    let summary = read(root, &summary())?;
    let entry =
        |link: markdown::Link| (Path::new(FOLDER).join(link.target), link.line);
    Ok(markdown::links(&summary).into_iter().map(entry).collect())
}

/// The chapters that the contents name. Files that are missing are left out:
/// the check `chapters` tells of them.
pub fn chapters(root: &Path) -> anyhow::Result<Vec<Chapter>> {
    let mut chapters = Vec::new();
    for (file, _) in contents(root)? {
        if root.join(&file).is_file() {
            let text = read(root, &file)?;
            chapters.push(Chapter { file, text });
        }
    }
    Ok(chapters)
}
