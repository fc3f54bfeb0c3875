//! Plays every transcript of the listings again: a test a file, named for the
//! listing.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use testkit::programs::Programs;
use testkit::transcript::{self, File};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        for file in File::all(&listing.name)? {
            let programs = Arc::clone(&programs);
            let name = file.test_name();
            trials.push(Trial::ignorable_test(name, move || {
                play(&file, &programs)
                    .map_err(|error| Failed::from(format!("{error:#}")))
            }));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn play(file: &File, programs: &Programs) -> anyhow::Result<Completion> {
    let script = file.read()?;
    if let Some(lack) = transcript::lacks(&script, programs)? {
        return Ok(Completion::ignored_with(format!("skipped: {lack}")));
    }
    transcript::play(&script, programs)?;
    Ok(Completion::Completed)
}
