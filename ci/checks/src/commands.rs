//! Commands that the book tells the reader to type.

use std::path::Path;

use reader::Problem;

use crate::markdown::{blocks, spans};
use crate::place::problem;

/// Stands for any package: `cargo run -p NAME`.
const PLACEHOLDER: &str = "NAME";

/// The packages that the code of a Markdown file names to cargo and that are
/// not among `names`.
pub fn unknown_packages(
    file: &Path,
    text: &str,
    names: &[String],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let blocks = blocks(text).into_iter().flat_map(|block| block.lines);
    for (line, code) in blocks.chain(spans(text)) {
        let command = code.strip_prefix("$ ").unwrap_or(&code);
        for package in packages(command) {
            let exists = names.iter().any(|name| name == package);
            if !exists && package != PLACEHOLDER {
                problems.push(unknown_package(file, line, package));
            }
        }
    }
    problems
}

/// What is wrong with a command that names such a package.
pub fn unknown_package(file: &Path, line: usize, package: &str) -> Problem {
    problem(file, line, format!("there is no package `{package}`"))
}

/// The packages that a cargo command names with `-p` or `--package`.
fn packages(command: &str) -> Vec<&str> {
    let mut words = command.split_whitespace();
    if words.next() != Some("cargo") {
        return Vec::new();
    }
    let mut packages = Vec::new();
    while let Some(word) = words.next().filter(|&word| word != "--") {
        if word == "-p" || word == "--package" {
            packages.extend(words.next());
        } else if let Some(package) = word.strip_prefix("--package=") {
            packages.push(package);
        }
    }
    packages
}
