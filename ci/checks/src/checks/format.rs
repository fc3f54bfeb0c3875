//! `format`: rustfmt has nothing to change.

use std::path::Path;

use anyhow::bail;
use reader::Problem;

use crate::cargo::{cargo, failure, output};
use crate::place::{problem, relative};
use crate::tool::succeeds;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "format",
    says: "Rust is formatted as rustfmt does it",
    needs: Some(Tool {
        name: "rustfmt",
        is_there: || succeeds(&["cargo", "fmt", "--version"]),
        install: "rustup component add rustfmt",
    }),
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut command = cargo(root);
    // Marks for colours would hide the heads of the diff's pieces.
    command.args(["fmt", "--all", "--check", "--", "--color", "never"]);
    let output = output(&mut command)?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let problems = differences(root, &String::from_utf8_lossy(&output.stdout));
    if problems.is_empty() {
        bail!(failure("cargo fmt --all --check", &output));
    }
    Ok(problems)
}

/// The places at which a diff changes something. It is in pieces: a line
/// `Diff in PATH:LINE:`, lines that stay (the first of them has that number),
/// then lines with `-` or `+` in front.
fn differences(root: &Path, diff: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut lines = diff.lines();
    while let Some(line) = lines.next() {
        let Some((file, first)) = piece(line) else { continue };
        let stay = lines.by_ref().take_while(|line| line.starts_with(' '));
        let file = relative(root, Path::new(file));
        let message = "rustfmt formats this differently: run cargo fmt";
        problems.push(problem(&file, first + stay.count(), message));
    }
    problems
}

/// The file and the line that the head of a piece names.
fn piece(head: &str) -> Option<(&str, usize)> {
    let place = head.strip_prefix("Diff in ")?.strip_suffix(':')?;
    let (file, line) = place.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}
