//! What `book.toml` and `SUMMARY.md` say: where the text is, and which
//! chapters it has.

use crate::Problem;
use crate::path::{normalised, slashed};
use mdbook_driver::config::Config;
use mdbook_summary::{SummaryItem, parse_summary};
use std::path::{Path, PathBuf};

/// mdBook's configuration file, relative to the root.
pub(crate) const BOOK_TOML: &str = "book.toml";

/// The book's settings and its table of contents.
pub(crate) struct Contents {
    /// `book.toml`.
    pub config: Config,
    /// `SUMMARY.md`, relative to the root.
    pub summary: PathBuf,
    /// The chapters that have a file, in the order of `SUMMARY.md`.
    pub chapters: Vec<Chapter>,
}

/// A chapter as `SUMMARY.md` lists it.
pub(crate) struct Chapter {
    /// Its file as written there: relative to the folder of the text.
    pub location: PathBuf,
    /// Its file, relative to the root.
    pub file: PathBuf,
    /// The line of `SUMMARY.md` that lists it, counted from 1.
    pub line: Option<usize>,
}

impl Contents {
    /// Reads both files; `Err` names the one that is missing or malformed.
    pub fn read(root: &Path) -> Result<Contents, Problem> {
        let config = Config::from_disk(root.join(BOOK_TOML))
            .map_err(|error| Problem::of_file(BOOK_TOML, text_of(&error)))?;

        let summary = normalised(&config.book.src.join("SUMMARY.md"));
        let wrong = |error: String| Problem::of_file(&summary, error);
        let text = std::fs::read_to_string(root.join(&summary))
            .map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let parsed =
            parse_summary(&text).map_err(|error| wrong(text_of(&error)))?;

        let mut locations = Vec::new();
        for items in [
            &parsed.prefix_chapters,
            &parsed.numbered_chapters,
            &parsed.suffix_chapters,
        ] {
            collect(items, &mut locations);
        }
        let chapters = locations
            .into_iter()
            .map(|location| Chapter {
                file: normalised(&config.book.src.join(&location)),
                line: line_that_lists(&text, &location),
                location,
            })
            .collect();

        Ok(Contents { config, summary, chapters })
    }

    /// What mdBook says in `message`, as a problem of the chapter that it
    /// names, or of the book as a whole.
    pub fn blame(&self, message: &str) -> Problem {
        let named = self
            .chapters
            .iter()
            .filter(|chapter| {
                message.contains(&*chapter.location.to_string_lossy())
            })
            // `streams/tcp.md` holds `tcp.md`: the longest name is meant.
            .max_by_key(|chapter| chapter.location.as_os_str().len());
        match named {
            Some(chapter) => Problem::of_file(&chapter.file, message),
            None => Problem::of_file(BOOK_TOML, message),
        }
    }
}

/// An error of mdBook with its causes, on one line.
pub(crate) fn text_of(error: &anyhow::Error) -> String {
    format!("{error:#}")
}

/// The files of `items` and of the chapters below them; drafts have none.
fn collect(items: &[SummaryItem], locations: &mut Vec<PathBuf>) {
    for item in items {
        if let SummaryItem::Link(link) = item {
            locations.extend(link.location.clone());
            collect(&link.nested_items, locations);
        }
    }
}

/// The first line of `summary` with a link to `location`.
fn line_that_lists(summary: &str, location: &Path) -> Option<usize> {
    let location = slashed(location);
    let links = [format!("({location})"), format!("(./{location})")];
    summary
        .lines()
        .position(|line| links.iter().any(|link| line.contains(link)))
        .map(|index| index + 1)
}
