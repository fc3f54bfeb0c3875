//! A transcript as its file says it.

use anyhow::{Context, bail};

use super::grammar::{is_anchor, read_line};

/// A transcript, line by line.
#[derive(Clone, Debug)]
pub struct Script {
    /// The listing in whose folder it lies.
    pub listing: String,
    /// The file, as messages name it.
    pub file: String,
    /// Whether every line has the number of its terminal in front.
    pub numbered: bool,
    /// Its lines.
    pub steps: Vec<Step>,
}

/// One line of a transcript.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The line itself.
    pub text: String,
    /// What it says.
    pub what: What,
}

/// What a line of a transcript says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum What {
    /// An anchor for the book.
    Anchor,
    /// Something that the reader does in this terminal.
    Act(u8, Action),
    /// What a program in this terminal printed.
    Output(u8, String),
}

/// Something that the reader does in a terminal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// Starts a program.
    Run(CommandLine),
    /// Types a line.
    Type(String),
    /// Ends the input: Ctrl-D.
    EndInput,
    /// Ends the program: Ctrl-C.
    Interrupt,
}

/// A command that starts a program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CommandLine {
    /// The listing that it belongs to.
    pub listing: String,
    /// What is run.
    pub program: Program,
    /// The program's arguments.
    pub args: Vec<String>,
}

/// What a command runs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Program {
    /// The listing's own binary.
    Binary,
    /// A Python file in its folder; the path is from the repository's root.
    Python(String),
}

/// How a line of output begins that is the head of a part.
const HEAD: &str = "-- ";

impl Script {
    /// Reads the `text` of a transcript of `listing`; `file` is its name in
    /// messages.
    ///
    /// # Errors
    ///
    /// Where a line is not of the grammar, with the line.
    pub fn parse(
        listing: &str,
        file: &str,
        text: &str,
    ) -> anyhow::Result<Script> {
        let numbered = text
            .lines()
            .find(|line| !is_anchor(line))
            .is_some_and(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let mut script = Script {
            listing: listing.to_owned(),
            file: file.to_owned(),
            numbered,
            steps: Vec::new(),
        };
        for (index, text) in text.lines().enumerate() {
            let line = index + 1;
            let what =
                read_line(text, numbered).with_context(|| script.at(line))?;
            let last = script.steps.last().map(|step: &Step| &step.what);
            match (last, &what) {
                (Some(What::Anchor), What::Output(_, text))
                    if !text.starts_with(HEAD) =>
                {
                    bail!(
                        "{}: an anchor stands before output that is no head \
                     `-- …`: it would lose its place when the output is \
                     recorded anew",
                        script.at(line - 1)
                    )
                }
                (None, What::Output(..)) => {
                    bail!("{}: output comes before a command", script.at(line))
                }
                _ => {}
            }
            let text = text.to_owned();
            script.steps.push(Step { line, text, what });
        }
        if script.commands().next().is_none() {
            bail!("{file}: no line starts a program");
        }
        Ok(script)
    }

    /// The place of a line, as messages name it.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.file)
    }

    /// Every command, with its line.
    pub fn commands(&self) -> impl Iterator<Item = (usize, &CommandLine)> {
        self.steps.iter().filter_map(|step| match &step.what {
            What::Act(_, Action::Run(command)) => Some((step.line, command)),
            _ => None,
        })
    }

    /// The line that stands for `output` of `terminal` in this file.
    ///
    /// # Errors
    ///
    /// Where it would be taken for something else.
    pub fn output_line(
        &self,
        terminal: u8,
        output: &str,
    ) -> anyhow::Result<String> {
        let line = match (self.numbered, output) {
            (false, _) => output.to_owned(),
            (true, "") => terminal.to_string(),
            (true, _) => format!("{terminal}  {output}"),
        };
        match read_line(&line, self.numbered) {
            Ok(What::Output(_, same)) if same == output => Ok(line),
            _ => bail!(
                "{}: the output `{output}` reads like an action; number the \
                 terminals of this file",
                self.file
            ),
        }
    }
}
