//! `spelling`: no word that is known to be a misspelt other one.

use std::path::Path;
use std::process::Command;

use anyhow::bail;
use reader::Problem;
use serde::Deserialize;

use crate::cargo::{failure, output};
use crate::place::problem;
use crate::tool::succeeds;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "spelling",
    says: "no word is a known misspelling",
    needs: Some(Tool {
        name: "typos",
        is_there: || succeeds(&["typos", "--version"]),
        install: "pip install typos",
    }),
    run,
};

const LOOKED_AT: [&str; 5] =
    ["README.md", "CONTRIBUTING.md", "book", "listings", "ci"];

/// A line of what typos prints.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message {
    /// A misspelt word.
    Typo {
        path: String,
        /// Absent where the name of the file is misspelt.
        line_num: Option<usize>,
        typo: String,
        corrections: Vec<String>,
    },
    /// What typos says of files that it does not read.
    #[serde(other)]
    Other,
}

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let files = LOOKED_AT.iter().filter(|file| root.join(file).exists());
    let mut command = Command::new("typos");
    command.current_dir(root).args(["--format", "json"]).args(files);
    let output = output(&mut command)?;
    let mut problems = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Message::Typo { path, line_num, typo, corrections } =
            serde_json::from_str(line)?
        {
            let corrections = corrections.join("` or `");
            let message = format!("`{typo}` should be `{corrections}`");
            problems.push(problem(Path::new(&path), line_num, message));
        }
    }
    if problems.is_empty() && !output.status.success() {
        bail!(failure("typos", &output));
    }
    Ok(problems)
}
