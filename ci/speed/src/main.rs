//! `cargo run -p speed`: measures how long readers and contributors wait, and
//! what the pages weigh.

use std::fs::File;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use speed::terminal::Terminal;
use speed::{Part, Report, measure};

/// Measures how long readers and contributors wait, and what the pages weigh.
///
/// It clones the committed state into the system's folder for temporary files
/// (TMPDIR, on Windows TEMP, names another), and removes it in the end. The
/// test run needs about 5 GB there. All crates are downloaded beforehand:
/// that is no part of the times. Other programs should rest meanwhile.
#[derive(Parser)]
#[command(bin_name = "cargo run -p speed --")]
struct Arguments {
    /// Measure these parts alone, with commas between
    #[arg(long, value_name = "PART,...", value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Write all figures, those of each page too, to this file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The repository to measure, if it is not the one of this program
    #[arg(long, value_name = "PATH", default_value = own_root().as_os_str())]
    #[arg(hide_default_value = true)]
    root: PathBuf,
}

fn main() -> ExitCode {
    match execute(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, and prints what was measured, also where something failed then.
fn execute(arguments: &Arguments) -> anyhow::Result<()> {
    let root = std::path::absolute(&arguments.root)
        .with_context(|| format!("no path: {}", arguments.root.display()))?;
    let terminal = Terminal::new()?;
    // Now, since a name that cannot be written is a pity after half an hour.
    let json = arguments.json.as_ref().map(|path| create(path)).transpose()?;
    let mut report = Report::default();
    let measured = measure(&root, &arguments.only, &terminal, &mut report);
    terminal.clear();
    let mut out = stdout();
    write!(out, "{report}").context("cannot print")?;
    if let Some(mut json) = json {
        serde_json::to_writer_pretty(&json, &report)
            .context("cannot write the JSON")?;
        writeln!(json).context("cannot write the JSON")?;
    }
    measured
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The repository that this program is part of.
fn own_root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("ci/speed lies two folders down")
}
