//! Records the transcripts of the listings: `cargo run -p testkit` all of
//! them, `cargo run -p testkit -- NAME…` those of the listings named.
//!
//! A file whose programs still do what it says is left as it is, so that
//! recording makes no changes where nothing has changed. A new transcript is
//! begun with its actions alone; see [`testkit::transcript`].

use std::env;
use std::process::ExitCode;

use anyhow::{Context, bail};
use testkit::programs::Programs;
use testkit::transcript::{self, File};

fn main() -> anyhow::Result<ExitCode> {
    let programs = Programs::listings()?;
    let names: Vec<String> = env::args().skip(1).collect();
    let mut files = Vec::new();
    for name in &names {
        let of_listing = File::all(&programs.listing(name)?.name)?;
        if of_listing.is_empty() {
            bail!(
                "there is no listings/{name}/transcript.txt: begin it with \
                 its actions, such as `$ cargo run -p {name}`"
            );
        }
        files.extend(of_listing);
    }
    if names.is_empty() {
        for listing in programs.all() {
            files.extend(File::all(&listing.name)?);
        }
    }
    let mut exit = ExitCode::SUCCESS;
    for file in files {
        match record(&file, &programs) {
            Ok(word) => println!("{}: {word}", file.shown()),
            Err(error) => {
                eprintln!("{}: {error:#}", file.shown());
                exit = ExitCode::FAILURE;
            }
        }
    }
    Ok(exit)
}

/// Records a transcript if its programs have changed; says what was done.
fn record(file: &File, programs: &Programs) -> anyhow::Result<String> {
    let script = file.read()?;
    if let Some(lack) = transcript::lacks(&script, programs)? {
        return Ok(format!("skipped: {lack}"));
    }
    if transcript::play(&script, programs).is_ok() {
        return Ok("unchanged".to_owned());
    }
    let text = transcript::record(&script, programs)?;
    file.write(&text)?;
    transcript::play(&file.parse(&text)?, programs)
        .context("recorded, but a second run does something else")?;
    Ok("recorded".to_owned())
}
