//! Plays every transcript of the listings again: a test a file, named for the
//! listing.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion};
use testkit::programs::Programs;
use testkit::transcript::{self, File};
use testkit::trial::{skipped, trial};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        for file in File::all(&listing.name)? {
            let programs = Arc::clone(&programs);
            let name = file.test_name();
            trials.push(trial(name, move || play(&file, &programs)));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn play(file: &File, programs: &Programs) -> anyhow::Result<Completion> {
    let script = file.read()?;
    if let Some(lack) = transcript::lacks(&script, programs)? {
        return Ok(skipped(lack));
    }
    transcript::play(&script, programs)?;
    Ok(Completion::Completed)
}
