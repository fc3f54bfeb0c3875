use crate::path::slashed;
use std::error::Error;
use std::fmt::{self, Display};
use std::path::PathBuf;

/// One thing that is wrong in the book, and where.
///
/// It is displayed as `book/x.md:12: message`, on one line and with `/`
/// between folders on every system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the repository's root.
    pub file: PathBuf,
    /// The line in that file, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
}

impl Problem {
    /// A problem of a whole file, or one whose line is not known.
    ///
    /// The white space in `message`, line breaks too, becomes single spaces.
    pub(crate) fn of_file(
        file: impl Into<PathBuf>,
        message: impl Display,
    ) -> Problem {
        let message = message.to_string();
        let words: Vec<&str> = message.split_whitespace().collect();
        Problem { file: file.into(), line: None, message: words.join(" ") }
    }

    /// The same problem, at `line`.
    pub(crate) fn at(self, line: impl Into<Option<usize>>) -> Problem {
        Problem { line: line.into(), ..self }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", slashed(&self.file))?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl Error for Problem {}
