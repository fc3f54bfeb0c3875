//! Runs cargo and reads what it says.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail};
use reader::Problem;
use serde::Deserialize;

use crate::place::{problem, relative};

/// A message of cargo, one a line of its output.
#[derive(Deserialize)]
struct Message {
    /// What the compiler said; other messages say how far the build is.
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<Code>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// The cargo that runs this program, or the one on the PATH, at the root.
pub fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO");
    let program = program.unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root).stdin(Stdio::null());
    command
}

/// Runs the command to its end and keeps what it prints.
pub fn output(command: &mut Command) -> anyhow::Result<Output> {
    let program = command.get_program().to_owned();
    command
        .output()
        .with_context(|| format!("cannot run {}", program.display()))
}

/// The error for a command that failed and named no place.
pub fn failure(command: &str, output: &Output) -> anyhow::Error {
    let stderr = String::from_utf8_lossy(&output.stderr);
    anyhow::anyhow!("`{command}` failed: {}", stderr.trim())
}

/// Runs a command that prints cargo's messages as JSON and returns those that
/// name a line.
pub fn diagnostics(
    root: &Path,
    command: &mut Command,
) -> anyhow::Result<Vec<Problem>> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        // Build scripts may print lines of their own.
        let Ok(Message { message: Some(said) }) = serde_json::from_str(line)
        else {
            continue;
        };
        let Some(span) = said.spans.iter().find(|span| span.is_primary) else {
            continue;
        };
        let code = said.code.map(|code| format!(" ({})", code.code));
        let problem = problem(
            &relative(root, Path::new(&span.file_name)),
            span.line_start,
            format!("{}{}", said.message, code.unwrap_or_default()),
        );
        // A file is compiled for its program and again for its tests.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    if problems.is_empty() {
        let words = command.get_args().map(|word| word.to_string_lossy());
        let words: Vec<_> = words.collect();
        bail!(failure(&format!("cargo {}", words.join(" ")), &output));
    }
    Ok(problems)
}
