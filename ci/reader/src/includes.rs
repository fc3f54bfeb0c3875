//! The pieces of other files that the chapters take in with `{{#include …}}`.

mod anchors;
mod directive;
mod scan;

use crate::Problem;
use std::path::{Path, PathBuf};

pub use anchors::anchors_of;
pub(crate) use scan::scan;

/// One `{{#include …}}` (also `rustdoc_include` and `playground`) of a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The file that it stands in, relative to the root: a chapter, or a file
    /// that a chapter includes (mdBook expands those as well).
    pub chapter: PathBuf,
    /// The line in that file, counted from 1.
    pub line: usize,
    /// The file that it takes in, relative to the root and without `..`.
    pub target: PathBuf,
    /// The anchor that it takes; `None` takes the whole file.
    pub anchor: Option<String>,
}

/// The includes of every chapter that `SUMMARY.md` lists, in reading order,
/// each followed by those of the text that it takes in.
///
/// Those that mdBook could not follow are here too; [`problems`] says what is
/// wrong with them. Only what names no file is left out.
///
/// # Errors
///
/// `book.toml` or `SUMMARY.md` cannot be read.
pub fn of_book(root: &Path) -> anyhow::Result<Vec<Include>> {
    Ok(scan(root)?.includes)
}

/// What is wrong with the includes: a missing file, a missing anchor, one that
/// never ends or selects nothing, a range of lines (it drifts when the file
/// changes), one in a quotation (only its first line would be quoted), a
/// directive that mdBook would show as text, a chapter that is listed and not
/// there.
///
/// # Errors
///
/// `book.toml` or `SUMMARY.md` cannot be read.
pub fn problems(root: &Path) -> anyhow::Result<Vec<Problem>> {
    Ok(scan(root)?.problems)
}
