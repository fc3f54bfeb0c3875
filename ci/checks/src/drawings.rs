//! The drawings on the pages, and where they are written down.

use std::path::{Path, PathBuf};

use reader::Problem;
use reader::includes::Include;

use crate::book::Chapter;
use crate::place::{line_with, problem, read};

/// A CSS selector for the drawings on a page. mdBook draws icons of its own,
/// which are only ornaments.
pub const DRAWINGS: &str =
    "main svg:not(svg svg, .blockquote-tag-title svg, .fa-svg svg)";

/// Where a drawing is written down.
pub struct Place {
    /// The chapter itself, or the file that it includes.
    file: PathBuf,
    /// All that stands in that file.
    text: String,
    /// The line on which the drawing begins.
    start: usize,
}

impl Place {
    /// A problem of the drawing, at its first line that holds all of the
    /// marks, or else at the line on which it begins.
    pub fn problem(
        &self,
        marks: &[String],
        message: impl Into<String>,
    ) -> Problem {
        let mut lines = (1..).zip(self.text.lines()).skip(self.start - 1);
        let marked = lines
            .find(|(_, line)| marks.iter().all(|mark| line.contains(mark)));
        let line = marked.map_or(self.start, |(number, _)| number);
        problem(&self.file, line, message)
    }
}

/// The places of the drawings on a chapter's page, in their order.
pub fn places(
    root: &Path,
    chapter: &Chapter,
    includes: &[Include],
) -> anyhow::Result<Vec<Place>> {
    let mut places = Vec::new();
    for (number, line) in (1..).zip(chapter.text.lines()) {
        let included = includes.iter().filter(|include| {
            include.chapter == chapter.file && include.line == number
        });
        for include in included {
            if include.target.extension().is_some_and(|it| it == "svg") {
                let file = include.target.clone();
                let text = read(root, &file)?;
                let start = line_with(&text, 1, "<svg").unwrap_or(1);
                places.push(Place { file, text, start });
            }
        }
        if line.contains("<svg") {
            let (file, text) = (chapter.file.clone(), chapter.text.clone());
            places.push(Place { file, text, start: number });
        }
    }
    Ok(places)
}
