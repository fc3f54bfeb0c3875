//! `cargo run`: builds the book, serves it on this machine, and opens it in
//! the browser.

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use reader::build::{Options, build};
use reader::run::{NotBuilt, Request, run};
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Builds the book, serves it on this machine, and opens it in the browser.
#[derive(Parser)]
#[command(bin_name = "cargo run --", args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Only build the book.
    Build(Place),
}

#[derive(Args)]
struct Serve {
    /// The port on 127.0.0.1; if it is taken, the next free one is used. 0
    /// takes any free port.
    #[arg(long, value_name = "N", default_value_t = 3000)]
    port: u16,
    /// Do not open the browser.
    #[arg(long)]
    no_open: bool,
    /// When a file of the book changes, build it again and reload the page.
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    /// The folder that holds book.toml [default: this repository].
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

impl Place {
    fn root(self) -> PathBuf {
        self.root.unwrap_or_else(repository)
    }
}

fn main() -> ExitCode {
    match execute(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments) -> anyhow::Result<()> {
    if let Some(Command::Build(place)) = arguments.command {
        build(&place.root(), &Options::default()).map_err(NotBuilt)?;
        return writeln!(stdout(), "the book is built").context("cannot print");
    }
    let serve = arguments.serve;
    let request = Request {
        root: serve.place.root(),
        port: serve.port,
        open: !serve.no_open,
        watch: serve.watch,
    };
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the server")?
        .block_on(run(&request))
}

/// The repository that this program is built in, wherever it is run.
fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_holds_the_book() {
        assert!(repository().join("book.toml").is_file());
    }

    #[test]
    fn the_options_of_the_server_are_none_of_build() {
        let parse = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(parse("reader --port 0 --no-open --watch").is_ok());
        assert!(parse("reader build --root .").is_ok());
        assert!(parse("reader build --watch").is_err());
        assert!(parse("reader --watch build").is_err());
        assert!(parse("reader --port 65536").is_err());
    }
}
