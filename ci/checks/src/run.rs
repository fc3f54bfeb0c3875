//! Runs checks and prints what they found.

use std::io::{self, Write};
use std::path::Path;

use crate::{Check, Tool};

/// How many checks ended in which way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Found nothing wrong.
    pub passed: usize,
    /// Found something wrong, or could not look.
    pub failed: usize,
    /// Lacked a tool.
    pub skipped: usize,
}

/// Runs the checks one after another over the repository at `root` and prints
/// a line each, the problems below it, and a summary at the end. In CI
/// (`in_ci`) a check that lacks its tool has failed, elsewhere it is skipped.
///
/// # Errors
///
/// Only if `out` cannot be written to.
pub fn run<'c>(
    checks: impl IntoIterator<Item = &'c Check>,
    root: &Path,
    in_ci: bool,
    out: &mut impl Write,
) -> io::Result<Tally> {
    let mut tally = Tally::default();
    for check in checks {
        write!(out, "{} … ", check.name)?;
        // A check may take minutes: its name is there while it runs.
        out.flush()?;
        if let Some(tool) =
            check.needs.as_ref().filter(|tool| !(tool.is_there)())
        {
            let Tool { name, install, .. } = tool;
            if in_ci {
                tally.failed += 1;
                writeln!(out, "failed: needs {name} ({install})")?;
            } else {
                tally.skipped += 1;
                writeln!(out, "skipped: needs {name} ({install})")?;
            }
            continue;
        }
        match (check.run)(root) {
            Ok(problems) if problems.is_empty() => {
                tally.passed += 1;
                writeln!(out, "ok")?;
            }
            Ok(problems) => {
                tally.failed += 1;
                let count = problems.len();
                let plural = if count == 1 { "" } else { "s" };
                writeln!(out, "{count} problem{plural}")?;
                for problem in problems {
                    writeln!(out, "  {problem}")?;
                }
            }
            Err(error) => {
                tally.failed += 1;
                writeln!(out, "failed: {error:#}")?;
            }
        }
    }
    let Tally { passed, failed, skipped } = tally;
    writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
    Ok(tally)
}
