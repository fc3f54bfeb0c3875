//! Runs the conformance suite against every listing that declares it: a test
//! a listing and case, `NAME::case`.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use testkit::echo::{self, CASES, Case, Subject};
use testkit::limits;
use testkit::listing::{Listing, Platform, Suite};
use testkit::programs::Programs;

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    limits::raise_descriptors();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = Vec::new();
    for listing in programs.all() {
        if listing.metadata.suite != Some(Suite::Echo) {
            continue;
        }
        for except in &listing.metadata.suite_except {
            anyhow::ensure!(
                echo::case(except).is_some(),
                "listings/{}/Cargo.toml: `suite-except` names `{except}`, \
                 which is no case",
                listing.name,
            );
        }
        for case in CASES {
            let name = format!("{}::{}", listing.name, case.name);
            let (listing, programs) = (listing.clone(), Arc::clone(&programs));
            trials.push(Trial::ignorable_test(name, move || {
                run(case, &listing, &programs)
                    .map_err(|error| Failed::from(format!("{error:#}")))
            }));
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
    let lack =
        metadata.lack().or_else(|| Platform::missing_from(case.platforms));
    if let Some(lack) = lack {
        return Ok(Completion::ignored_with(format!("skipped: {lack}")));
    }
    let subject = Subject::new(programs.binary(&listing.name)?)
        .except(&metadata.suite_except);
    case.examine(&subject, &metadata.suite_except)?;
    Ok(Completion::Completed)
}
