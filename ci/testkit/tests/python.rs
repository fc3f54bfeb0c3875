//! The Python twins of the listings do the same as the Rust ones.
//!
//! Each transcript is played with one of its programs replaced by the twin,
//! and then with all of them: so a Python server talks to a Rust client, a
//! Rust server to a Python client, and all must print what the book shows.
//! The echo servers in Python go through the conformance suite too.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use libtest_mimic::{Arguments, Completion, Trial};
use testkit::echo::{CASES, Case, Subject};
use testkit::limits;
use testkit::listing::{Listing, Suite, twin};
use testkit::programs::Programs;
use testkit::python::interpreter;
use testkit::transcript::{self, File, Program};
use testkit::trial::{skipped, trial};

/// A bad address: each language has its own way to say so.
const IN_OWN_WORDS: &str = "address";

fn main() -> anyhow::Result<ExitCode> {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(4);
    limits::raise_descriptors();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        for file in File::all(&listing.name)? {
            for replaced in replacements(&file)? {
                let name = format!(
                    "{}, {} in Python",
                    file.test_name(),
                    join(&replaced)
                );
                let (file, programs) = (file.clone(), Arc::clone(&programs));
                trials.push(python_trial(name, move || {
                    play(&file, &replaced, &programs)
                }));
            }
        }
        let in_suite = listing.metadata.suite == Some(Suite::Echo);
        if !in_suite || twin(&listing.name, "py").is_none() {
            continue;
        }
        let not_asked =
            |case: &&Case| case.optional || case.name == IN_OWN_WORDS;
        for case in CASES.iter().filter(|case| !not_asked(case)) {
            let name = format!("{} in Python::{}", listing.name, case.name);
            let listing = listing.clone();
            trials.push(python_trial(name, move || conform(case, &listing)));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// A test that needs the interpreter.
fn python_trial(
    name: String,
    test: impl FnOnce() -> anyhow::Result<Completion> + Send + 'static,
) -> Trial {
    trial(name, move || match interpreter() {
        Some(_) => test(),
        None => Ok(skipped("needs Python 3")),
    })
}

/// Which listings of a transcript are replaced by their twins: each alone,
/// and all together.
fn replacements(file: &File) -> anyhow::Result<Vec<BTreeSet<String>>> {
    let text = file.text()?;
    if text.contains("[exit code") {
        return Ok(Vec::new()); // an error, in the words of the language
    }
    let all: BTreeSet<String> = file
        .read()?
        .commands()
        .filter(|(_, command)| command.program == Program::Binary)
        .map(|(_, command)| command.listing.clone())
        .filter(|listing| twin(listing, "py").is_some())
        .collect();
    let mut sets: Vec<_> =
        all.iter().map(|one| BTreeSet::from([one.clone()])).collect();
    if all.len() > 1 {
        sets.push(all);
    }
    Ok(sets)
}

fn join(listings: &BTreeSet<String>) -> String {
    listings.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
}

fn play(
    file: &File,
    replaced: &BTreeSet<String>,
    programs: &Programs,
) -> anyhow::Result<Completion> {
    let mut text = file.text()?;
    for listing in replaced {
        let path = twin(listing, "py").context("it has a twin")?;
        text = text.replace(
            &format!("$ cargo run -p {listing}\n"),
            &format!("$ python3 {}\n", path.display()),
        );
    }
    let script = file.parse(&text)?;
    if let Some(lack) = transcript::lacks(&script, programs)? {
        return Ok(skipped(lack));
    }
    transcript::play(&script, programs)?;
    Ok(Completion::Completed)
}

fn conform(case: &Case, listing: &Listing) -> anyhow::Result<Completion> {
    if let Some(lack) = case.lack() {
        return Ok(skipped(lack));
    }
    let except = &listing.metadata.suite_except;
    let python = interpreter().context("needs Python 3")?;
    let path = twin(&listing.name, "py").context("it has a twin")?;
    let path = path.to_string_lossy();
    let subject = Subject::new(python.into()).args(&[&*path]).except(except);
    case.examine(&subject, except)?;
    Ok(Completion::Completed)
}
