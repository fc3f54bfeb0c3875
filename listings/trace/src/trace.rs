//! The command line; which program is meant; how it ended.
mod address;
mod argument;
mod bytes;
mod call;
mod interest;
mod json;
mod memory;
mod names;
mod report;
mod selection;
mod signals;
mod signature;
mod stops;
mod tracer;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use clap::Parser;

use json::Json;
use report::Report;
use selection::Selection;
use stops::{End, Stops};
use tracer::Tracer;

/// Shows the system calls that a program makes on its sockets.
#[derive(Parser)]
struct Options {
    /// Show every call, on files and memory too, from the very start
    #[arg(long, conflicts_with = "only")]
    all: bool,
    /// Show these calls alone, whatever they act on: read,write
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Show when each call began, and how long it took
    #[arg(long)]
    times: bool,
    /// Write the calls into this file too, one JSON object a line
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A listing of this book, or the path of any program
    program: OsString,
    /// What the program is given
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

pub fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let selection = Selection::new(options.all, options.only)?;
    let program = find(Path::new(&options.program))?;
    let json = options.json.as_deref().map(Json::create).transpose()?;

    let mut command = Command::new(&program);
    command.args(&options.args);
    let stops = Stops::start(command)
        .with_context(|| format!("cannot trace {}", program.display()))?;
    let report = Report::new(options.times, json);
    let end = Tracer::new(stops, selection, report).run()?;
    Ok(match end {
        End::Code(code) => ExitCode::from(code),
        // What shells make of it.
        End::Signal(signal) => ExitCode::from(128 + signal),
    })
}

/// The file of a program: a name alone is a listing, which Cargo has put
/// beside this program.
fn find(program: &Path) -> anyhow::Result<PathBuf> {
    if program.components().count() > 1 {
        return Ok(program.to_owned());
    }
    let this = env::current_exe().context("where is this program?")?;
    let listing = this.with_file_name(program);
    if !listing.is_file() {
        let name = program.display();
        bail!(
            "{name} is not built; if it is a listing, 'cargo build -p {name}' \
             builds it; if not, write its path, such as /bin/{name}"
        );
    }
    Ok(listing)
}
