//! Runs the conformance suite against every listing that declares it: a test
//! a listing and case, `NAME::case`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use libtest_mimic::{Arguments, Completion};
use testkit::echo::{self, Case, Subject};
use testkit::limits;
use testkit::listing::{Listing, Suite};
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};

fn main() -> anyhow::Result<ExitCode> {
    let mut args = Arguments::from_args();
    // Two programs a test, and each has its share of a few cores.
    args.test_threads.get_or_insert(4);
    limits::raise_descriptors();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        if listing.metadata.suite != Some(Suite::Echo) {
            continue;
        }
        let cases = echo::cases_for(&listing.metadata)
            .with_context(|| format!("listings/{}/Cargo.toml", listing.name))?;
        for case in cases {
            let name = format!("{}::{}", listing.name, case.name);
            let (listing, programs) = (listing.clone(), Arc::clone(&programs));
            trials.push(trial(name, move || run(case, &listing, &programs)));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn run(
    case: &Case,
    listing: &Listing,
    programs: &Programs,
) -> anyhow::Result<Completion> {
    let metadata = &listing.metadata;
    if let Some(lack) = metadata.lack().or_else(|| case.lack()) {
        return Ok(skipped(lack));
    }
    let subject = Subject::new(programs.binary(&listing.name)?)
        .except(&metadata.suite_except);
    case.examine(&subject, &metadata.suite_except)?;
    Ok(Completion::Completed)
}
