//! `console`: what the book shows of a terminal was recorded, and what it
//! tells the reader to type can be typed.

use std::path::Path;

use reader::Problem;
use reader::includes::of_book;

use crate::Check;
use crate::book::chapters;
use crate::commands::{unknown_package, unknown_packages};
use crate::manifest::package_names;
use crate::markdown::{Block, blocks};
use crate::place::{problem, read};
use crate::transcripts::{Transcript, is_transcript, transcripts};
use crate::typed::typed;

pub const CHECK: Check = Check {
    name: "console",
    says: "output is recorded, and commands name packages that exist",
    needs: None,
    run,
};

/// The languages that a block may have. A block in another one could hold
/// output that nobody recorded.
const LANGUAGES: [&str; 6] =
    ["rust", "console", "text", "sh", "python", "toml"];

/// The programs that a block of commands may run.
const PROGRAMS: [&str; 4] = ["cargo", "cd", "git", "python3"];

/// What joins commands, or sends output elsewhere.
const OPERATORS: [&str; 6] = ["|", "&", ";", ">", "<", "`"];

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let includes = of_book(root)?;
    let names = package_names(root)?;
    let mut problems = Vec::new();
    for chapter in chapters(root)? {
        let file = chapter.file.as_path();
        for block in blocks(&chapter.text) {
            match block.language() {
                "console" | "text" => {
                    let lines = typed(&block, file, &includes, is_transcript);
                    problems.extend(lines.map(|(line, text)| {
                        let message = format!(
                            "`{}` is typed by hand: include a transcript",
                            text.trim(),
                        );
                        problem(file, line, message)
                    }));
                }
                "sh" => problems.extend(not_commands(&block, file)),
                language if LANGUAGES.contains(&language) => {}
                language => {
                    let known = LANGUAGES.join(", ");
                    let message = format!(
                        "a code block in `{language}`: it must be one of \
                         {known}"
                    );
                    problems.push(problem(file, block.line, message));
                }
            }
        }
        problems.extend(unknown_packages(file, &chapter.text, &names));
    }
    for file in ["README.md", "CONTRIBUTING.md"].map(Path::new) {
        if root.join(file).exists() {
            let text = read(root, file)?;
            problems.extend(unknown_packages(file, &text, &names));
        }
    }
    for Transcript { file, script } in transcripts(root)? {
        let commands = script.iter().flat_map(|script| script.commands());
        for (line, command) in commands {
            if !names.contains(&command.listing) {
                problems.push(unknown_package(&file, line, &command.listing));
            }
        }
    }
    Ok(problems)
}

/// The lines of a `sh` block that are not a single command.
fn not_commands(block: &Block, file: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, text) in &block.lines {
        let program = text.split_whitespace().next().unwrap_or_default();
        let message = if !PROGRAMS.contains(&program) {
            let programs = PROGRAMS.join(", ");
            format!("`{text}` is no command that runs one of {programs}")
        } else if OPERATORS.iter().any(|operator| text.contains(operator)) {
            format!("`{text}` is more than a single command")
        } else {
            continue;
        };
        problems.push(problem(file, *line, message));
    }
    problems
}
