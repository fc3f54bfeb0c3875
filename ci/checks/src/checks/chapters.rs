//! `chapters`: every chapter is in the contents and has the shape and the
//! voice of the others.

use std::collections::BTreeSet;
use std::path::Path;

use mdbook_markdown::pulldown_cmark::HeadingLevel;
use reader::{Problem, includes};

use crate::Check;
use crate::book::{self, Chapter, FOLDER, chapters, contents};
use crate::markdown::{headings, prose, spans};
use crate::place::{files_below, line_at, problem};

pub const CHECK: Check = Check {
    name: "chapters",
    says: "chapters are in the contents, and alike in shape and voice",
    needs: None,
    run,
};

/// What every chapter ends with.
const HEADINGS: [&str; 3] = ["Try it", "From the notes", "Read on"];

/// How many words a chapter has, a little more generous than its authors are
/// asked to be (1,000 to 2,500).
const WORDS: std::ops::RangeInclusive<usize> = 900..=2700;

/// Words that tell a reader who is stuck that it is easy.
const UNKIND: [&str; 3] = ["simply", "just", "obviously"];

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = in_contents(root)?;
    for chapter in chapters(root)? {
        if !stands_apart(&chapter.file) {
            problems.extend(misshapen(&chapter));
        }
        problems.extend(off_voice(&chapter));
    }
    Ok(problems)
}

/// Files that are neither in the contents nor a part of a chapter, and entries
/// without a file.
fn in_contents(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut listed = BTreeSet::from([book::summary()]);
    for (file, line) in contents(root)? {
        let message = if file == Path::new(FOLDER) {
            "an entry without a chapter".to_string()
        } else if !root.join(&file).is_file() {
            format!("there is no chapter {}", shown(&file))
        } else if !listed.insert(file.clone()) {
            format!("{} stands here twice", shown(&file))
        } else {
            continue;
        };
        problems.push(problem(&book::summary(), line, message));
    }
    // There are none where the contents have a fault that is told of above.
    let parts = includes::of_book(root).unwrap_or_default();
    listed.extend(parts.into_iter().map(|it| it.target));
    for file in files_below(root, Path::new(FOLDER))? {
        let is_chapter = file.extension().is_some_and(|it| it == "md");
        if is_chapter && !listed.contains(&file) {
            let message = "SUMMARY.md does not list this chapter";
            problems.push(problem(&file, None, message));
        }
    }
    Ok(problems)
}

/// A chapter's file as the contents name it.
fn shown(file: &Path) -> String {
    file.strip_prefix(FOLDER).unwrap_or(file).display().to_string()
}

/// The introduction and the appendices have a shape of their own.
fn stands_apart(file: &Path) -> bool {
    let folder = Path::new(FOLDER);
    file == folder.join("introduction.md")
        || file.starts_with(folder.join("appendices"))
}

fn misshapen(chapter: &Chapter) -> Vec<Problem> {
    let mut problems = Vec::new();
    let present = headings(&chapter.text);
    for wanted in HEADINGS {
        let is_there = present.iter().any(|heading| {
            heading.level == HeadingLevel::H2 && heading.text == wanted
        });
        if !is_there {
            let message = format!("no heading `## {wanted}`");
            problems.push(problem(&chapter.file, None, message));
        }
    }
    let count = words(&chapter.text);
    if !WORDS.contains(&count) {
        let message = format!(
            "{count} words of prose; a chapter has {} to {}",
            WORDS.start(),
            WORDS.end()
        );
        problems.push(problem(&chapter.file, None, message));
    }
    problems
}

/// The words of the text and of the code within its sentences.
fn words(text: &str) -> usize {
    let prose = prose(text);
    let spans = spans(text);
    let pieces = prose.iter().chain(&spans);
    pieces.map(|(_, piece)| piece.split_whitespace().count()).sum()
}

/// Unkind words, and sentences that shout.
fn off_voice(chapter: &Chapter) -> Vec<Problem> {
    let text = chapter.text.as_str();
    let mut problems = Vec::new();
    for (start, piece) in prose(text) {
        let line = line_at(text, start);
        for word in piece.split(|c: char| !c.is_alphanumeric()) {
            if UNKIND.iter().any(|it| it.eq_ignore_ascii_case(word)) {
                let message =
                    format!("`{word}`: it is not easy for every reader");
                problems.push(problem(&chapter.file, line, message));
            }
        }
        for (at, mark) in piece.match_indices(['!', '！']) {
            let rest = text.get(start + at + mark.len()..);
            let next = rest.and_then(|rest| rest.chars().next());
            let within_word =
                next.is_some_and(|c| c.is_alphanumeric() || "=([{".contains(c));
            if !within_word {
                let message = format!("a sentence ends with `{mark}`");
                problems.push(problem(&chapter.file, line, message));
            }
        }
    }
    problems
}
