//! What a listing printed, from its transcript.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// One run of a program.
#[derive(Debug)]
pub(crate) struct Run {
    /// The command line, after its `$`.
    pub(crate) command: String,
    /// The lines that the program printed.
    pub(crate) output: Vec<String>,
}

/// The runs that a transcript of a single terminal holds, in order.
pub(crate) fn read(root: &Path, transcript: &str) -> anyhow::Result<Vec<Run>> {
    let path = root.join("listings").join(transcript);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {transcript}"))?;
    let mut runs: Vec<Run> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ANCHOR")) {
        if let Some(command) = line.strip_prefix("$ ") {
            runs.push(Run { command: command.into(), output: Vec::new() });
        } else {
            let run = runs
                .last_mut()
                .with_context(|| format!("{transcript}: no command"))?;
            run.output.push(line.into());
        }
    }
    Ok(runs)
}

/// The lines after the line `-- title`, up to the next such line; all lines
/// where `title` is empty.
pub(crate) fn scene<'a>(
    output: &'a [String],
    title: &str,
) -> anyhow::Result<&'a [String]> {
    if title.is_empty() {
        return Ok(output);
    }
    let is_head = |line: &&String| line.starts_with("-- ");
    let at = output
        .iter()
        .position(|line| line.strip_prefix("-- ") == Some(title))
        .with_context(|| format!("there is no scene `{title}`"))?;
    let rest = &output[at + 1..];
    let end = rest.iter().position(|line| is_head(&line));
    Ok(&rest[..end.unwrap_or(rest.len())])
}
