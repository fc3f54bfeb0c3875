//! `cargo run -p speed`: measures how long readers and contributors wait, and
//! what the pages weigh.

use std::fs::{self, OpenOptions};
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use speed::terminal::{Interrupted, Terminal};
use speed::{Part, Report, measure};

/// Measures how long readers and contributors wait, and what the pages weigh.
///
/// It clones the committed state into the system's folder for temporary files
/// (TMPDIR, on Windows TEMP, names another), and removes it in the end. The
/// test run needs about 5 GB there: on many systems /tmp lies in memory, and
/// /var/tmp does not. The pages that are weighed are built by the reader that
/// is compiled into this program. All crates are downloaded beforehand: that
/// is no part of the times. Other programs should rest meanwhile.
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
            match error.is::<Interrupted>() {
                // What shells make of SIGINT.
                true => ExitCode::from(130),
                false => ExitCode::FAILURE,
            }
        }
    }
}

/// Measures, and prints what was measured, also where something failed then.
fn execute(arguments: &Arguments) -> anyhow::Result<()> {
    let root = std::path::absolute(&arguments.root)
        .with_context(|| format!("no path: {}", arguments.root.display()))?;
    let terminal = Terminal::new()?;
    // Now, since a name that cannot be written is a pity after half an hour.
    if let Some(path) = &arguments.json {
        try_to_write(path).with_context(|| cannot_write(path))?;
    }
    let mut report = Report::default();
    let measured = measure(&root, &arguments.only, &terminal, &mut report);
    terminal.clear();
    if report.is_empty() {
        return measured;
    }
    // First, since printing fails where nobody reads any more.
    if let Some(path) = &arguments.json {
        let mut json = serde_json::to_vec_pretty(&report)
            .context("cannot make JSON of the figures")?;
        json.push(b'\n');
        fs::write(path, json).with_context(|| cannot_write(path))?;
    }
    write!(stdout(), "{report}").context("cannot print")?;
    measured
}

/// Whether the file can be written. What it holds stays: nothing has been
/// measured yet.
fn try_to_write(path: &Path) -> io::Result<()> {
    let is_new = !path.exists();
    OpenOptions::new().append(true).create(true).open(path)?;
    if is_new { fs::remove_file(path) } else { Ok(()) }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// The repository that this program is part of.
fn own_root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("ci/speed lies two folders down")
}
