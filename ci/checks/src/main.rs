//! `cargo run -p checks`: checks the book and the repository.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use checks::CHECKS;
use clap::Parser;
use clap::builder::{PossibleValue, PossibleValuesParser};

/// Checks the book and the repository.
///
/// Prints a line a check, and below it what is wrong, with file and line. A
/// check whose tool is missing is skipped; where the variable CI is set, that
/// is a failure.
#[derive(Parser)]
struct Arguments {
    /// The checks to run; none named: all of them
    #[arg(value_name = "NAME", value_parser = names())]
    names: Vec<String>,
    /// The repository to check, if it is not the one of this program
    #[arg(long, value_name = "PATH", default_value = own_root().as_os_str())]
    #[arg(hide_default_value = true)]
    root: PathBuf,
}

fn names() -> PossibleValuesParser {
    let value =
        |check: &checks::Check| PossibleValue::new(check.name).help(check.says);
    PossibleValuesParser::new(CHECKS.iter().map(value))
}

/// The repository that this program is part of.
fn own_root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("ci/checks lies two folders down")
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let root = std::path::absolute(&arguments.root)
        .with_context(|| format!("no path: {}", arguments.root.display()))?;
    let chosen = CHECKS.iter().filter(|check| {
        arguments.names.is_empty()
            || arguments.names.iter().any(|name| name == check.name)
    });
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let tally = checks::run(chosen, &root, in_ci, &mut std::io::stdout())?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
