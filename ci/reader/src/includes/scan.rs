//! Follows the includes from each chapter on, as mdBook does.

use super::Include;
use super::anchors::{Line, lines, select};
use super::directive::{Meaning, Part, directives};
use crate::Problem;
use crate::contents::Contents;
use crate::path::{normalised, slashed};
use std::fs::read_to_string;
use std::path::{Component, Path, PathBuf};

/// What following all includes has shown.
#[derive(Default)]
pub(crate) struct Scan {
    pub includes: Vec<Include>,
    pub problems: Vec<Problem>,
    /// The pieces of text that are being read, each included by the one
    /// before it: what is found here again includes itself.
    open: Vec<Piece>,
}

/// A file, relative to the root, and the anchor that is taken of it.
type Piece = (PathBuf, Option<String>);

/// Follows the includes of every chapter; `Err` if there is no table of
/// contents.
pub(crate) fn scan(root: &Path) -> Result<Scan, Problem> {
    let contents = Contents::read(root)?;
    let mut scan = Scan::default();
    for chapter in &contents.chapters {
        match read_to_string(root.join(&chapter.file)) {
            Ok(text) => {
                let lines: Vec<Line> = lines(&text).collect();
                scan.piece(root, (chapter.file.clone(), None), &lines);
            }
            Err(error) => {
                let file = slashed(&chapter.file);
                let message =
                    format!("the chapter {file} cannot be read: {error}");
                scan.wrong(
                    Problem::of_file(&contents.summary, message)
                        .at(chapter.line),
                );
            }
        }
    }
    Ok(scan)
}

impl Scan {
    /// Reads the `lines` of `piece`, and of all that they include.
    fn piece(&mut self, root: &Path, piece: Piece, lines: &[Line]) {
        let file = piece.0.clone();
        self.open.push(piece);
        let text: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
        let text = text.join("\n");
        let is_markdown = file.extension().is_some_and(|ext| ext == "md");
        for directive in directives(&text) {
            let before = text[..directive.offset].matches('\n').count();
            let (line, whole) = lines[before];
            match directive.meaning {
                Meaning::Include { path, part } => {
                    if is_markdown && whole.trim_start().starts_with('>') {
                        let message = format!(
                            "includes {path} in a quotation, but only its \
                             first line would be quoted"
                        );
                        self.wrong(Problem::of_file(&file, message).at(line));
                    }
                    self.include(root, &file, line, path, part);
                }
                // Code may hold `{{#` for reasons of its own.
                Meaning::Mistake(message) if is_markdown => {
                    self.wrong(Problem::of_file(&file, message).at(line));
                }
                Meaning::Mistake(_) => {}
            }
        }
        self.open.pop();
    }

    /// Notes one include, and reads what it takes in.
    fn include(
        &mut self,
        root: &Path,
        file: &Path,
        line: usize,
        path: &str,
        part: Part,
    ) {
        let folder = file.parent().unwrap_or(Path::new(""));
        let target = normalised(&folder.join(path));
        let anchor = match part {
            Part::Anchor(name) => Some(name.to_owned()),
            Part::Whole | Part::Lines(_) => None,
        };
        let include = Include {
            chapter: file.to_owned(),
            line,
            target: target.clone(),
            anchor: anchor.clone(),
        };
        if !self.includes.contains(&include) {
            self.includes.push(include);
        }

        let piece = (target, anchor);
        if let Err(message) = self.take_in(root, piece, &part) {
            self.wrong(Problem::of_file(file, message).at(line));
        }
    }

    /// Reads the text of `piece`; `Err` says why there is none.
    fn take_in(
        &mut self,
        root: &Path,
        piece: Piece,
        part: &Part,
    ) -> Result<(), String> {
        let target = slashed(&piece.0);
        let inside =
            matches!(piece.0.components().next(), Some(Component::Normal(_)));
        if !inside {
            return Err(format!("includes {target}, outside the repository"));
        }
        if self.open.contains(&piece) {
            return Err(format!("includes {target}, which includes this text"));
        }
        let text = read_to_string(root.join(&piece.0)).map_err(|error| {
            format!("includes {target}, which cannot be read: {error}")
        })?;
        let lines = match part {
            Part::Whole => lines(&text).collect(),
            Part::Anchor(name) => select(&text, name)
                .map_err(|why| format!("includes {target}, which {why}"))?,
            Part::Lines(range) => {
                return Err(format!(
                    "includes {target} by line numbers ({range}), which \
                     drift: use an anchor"
                ));
            }
        };
        self.piece(root, piece, &lines);
        Ok(())
    }

    /// Notes a problem, once: a text that is included twice is read twice.
    fn wrong(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}
