//! The recorded dialogues of the listings.

use std::path::{Path, PathBuf};

use anyhow::Context;
use reader::Problem;
use testkit::transcript::Script;

use crate::place::{files_below, problem, read};

/// A transcript and what stands in it.
pub struct Transcript {
    /// Its file, relative to the root.
    pub file: PathBuf,
    /// Its lines, or what is wrong with them.
    pub script: Result<Script, Problem>,
}

/// Whether the tests take this file for a transcript: `transcript.txt` or
/// `transcript-TITLE.txt` in the folder of a listing.
pub fn is_transcript(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".txt");
    let title = name.and_then(|name| name.strip_prefix("transcript"));
    listing(file).is_some()
        && title.is_some_and(|it| it.is_empty() || it.starts_with('-'))
}

/// The name of the listing in whose folder, and not deeper, the file lies.
fn listing(file: &Path) -> Option<&str> {
    let folder = file.parent()?.strip_prefix("listings").ok()?;
    folder.to_str().filter(|_| folder.components().count() == 1)
}

/// The transcripts of all listings.
pub fn transcripts(root: &Path) -> anyhow::Result<Vec<Transcript>> {
    let mut transcripts = Vec::new();
    for file in files_below(root, Path::new("listings"))? {
        if is_transcript(&file) {
            let listing = listing(&file).context("it lies in a listing")?;
            let text = read(root, &file)?;
            let script = Script::parse(listing, PLACE, &text)
                .map_err(|error| wrong(&file, &format!("{error:#}")));
            transcripts.push(Transcript { file, script });
        }
    }
    Ok(transcripts)
}

/// Stands for the file in the messages of [`Script::parse`].
const PLACE: &str = "transcript";

/// The problem that a message `transcript:LINE: WHAT` tells of.
fn wrong(file: &Path, message: &str) -> Problem {
    let rest = message.strip_prefix(PLACE).unwrap_or(message);
    let rest = rest.trim_start_matches(':');
    match rest.split_once(": ").map(|(line, what)| (line.parse(), what)) {
        Some((Ok(line), what)) => problem(file, Some::<usize>(line), what),
        _ => problem(file, None, rest.trim_start()),
    }
}
