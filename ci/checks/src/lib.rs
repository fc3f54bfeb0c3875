//! Checks of the book and of the repository.
//!
//! Each check is one function over the repository's root that returns what is
//! wrong, with file and line. [`CHECKS`] lists them in the order in which they
//! run; [`run`] runs them, all of them even after a failure, and prints what
//! they found.

mod book;
mod browser;
mod cargo;
mod checks;
mod commands;
mod drawings;
mod figure;
mod manifest;
mod markdown;
mod pages;
mod place;
mod run;
mod tool;
mod transcripts;
mod typed;

use std::path::Path;

use reader::Problem;

pub use run::{Tally, run};
pub use tool::Tool;

/// One thing that must hold of the repository.
pub struct Check {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What holds when it passes, as a sentence.
    pub says: &'static str,
    /// The program that it cannot do without, if cargo does not bring it.
    pub needs: Option<Tool>,
    /// Looks at the repository below this root. No problem: it passes. An
    /// error says why it could not look.
    pub run: fn(&Path) -> anyhow::Result<Vec<Problem>>,
}

/// Every check, in the order in which they run.
pub const CHECKS: &[Check] = &[
    checks::format::CHECK,
    checks::clippy::CHECK,
    checks::docs::CHECK,
    checks::build::CHECK,
    checks::includes::CHECK,
    checks::listings::CHECK,
    checks::rust_blocks::CHECK,
    checks::console::CHECK,
    checks::links::CHECK,
    checks::alt::CHECK,
    checks::look::CHECK,
    checks::play::CHECK,
    checks::spelling::CHECK,
    checks::chapters::CHECK,
    checks::workspace::CHECK,
];
