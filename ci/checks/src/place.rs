//! Files and lines: where a problem stands.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use reader::Problem;
use walkdir::WalkDir;

/// A problem in `file` (relative to the root) at a line, counted from 1.
pub fn problem(
    file: &Path,
    line: impl Into<Option<usize>>,
    message: impl Into<String>,
) -> Problem {
    Problem {
        file: file.to_owned(),
        line: line.into(),
        message: message.into(),
    }
}

/// Reads a file that is named relative to the root.
pub fn read(root: &Path, file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(root.join(file))
        .with_context(|| format!("cannot read {}", file.display()))
}

/// The line, counted from 1, that holds the byte at `offset` of the text.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The first line from line `from` on that holds the needle.
pub fn line_with(text: &str, from: usize, needle: &str) -> Option<usize> {
    let mut numbered = text.lines().zip(1..).skip(from.saturating_sub(1));
    numbered.find_map(|(line, number)| line.contains(needle).then_some(number))
}

/// The files below a folder, all relative to the root, in the order of their
/// names. A folder that is not there has none.
pub fn files_below(root: &Path, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = root.join(folder);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(relative(root, entry.path()));
        }
    }
    Ok(files)
}

/// The path as it is seen from the root; other paths stay as they are.
pub fn relative(root: &Path, path: &Path) -> PathBuf {
    let stripped = path.strip_prefix(root).map(Path::to_owned);
    stripped.unwrap_or_else(|_| {
        let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        path.strip_prefix(real).unwrap_or(path).to_owned()
    })
}
