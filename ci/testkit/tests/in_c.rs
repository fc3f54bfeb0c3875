//! The twins in C of the echo servers go through the conformance suite, as
//! the listings do.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::{anyhow, ensure};
use libtest_mimic::{Arguments, Completion};
use testkit::c::{compile, has_compiler};
use testkit::echo::{Case, Subject, cases_for};
use testkit::limits;
use testkit::listing::{Listing, Suite, root, twin};
use testkit::trial::{skipped, trial};

fn main() -> anyhow::Result<ExitCode> {
    let mut args = Arguments::from_args();
    args.test_threads.get_or_insert(4);
    limits::raise_descriptors();
    let folder = tempfile::tempdir()?;
    let mut trials = Vec::new();
    for listing in Listing::all(&root())? {
        let in_suite = listing.metadata.suite == Some(Suite::Echo);
        let Some(source) = twin(&listing.name, "c").filter(|_| in_suite) else {
            continue;
        };
        let binary = folder.path().join(&listing.name);
        let server =
            Arc::new(Server { listing, source, binary, made: OnceLock::new() });
        for case in cases_for(&server.listing.metadata)? {
            let name = format!("{} in C::{}", server.listing.name, case.name);
            let server = Arc::clone(&server);
            trials.push(trial(name, move || server.conforms(case)));
        }
    }
    ensure!(!trials.is_empty(), "no echo server has a twin in C");
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// A server in C, compiled by the first test that runs it.
struct Server {
    listing: Listing,
    source: PathBuf,
    binary: PathBuf,
    made: OnceLock<Result<(), String>>,
}

impl Server {
    fn conforms(&self, case: &Case) -> anyhow::Result<Completion> {
        let metadata = &self.listing.metadata;
        if let Some(lack) = metadata.lack().or_else(|| case.lack()) {
            return Ok(skipped(lack));
        }
        if !has_compiler() {
            return Ok(skipped("needs a C compiler"));
        }
        self.made
            .get_or_init(|| {
                compile(&self.source, &self.binary)
                    .map_err(|e| format!("{e:#}"))
            })
            .as_ref()
            .map_err(|e| anyhow!("{e}"))?;
        let except = &metadata.suite_except;
        let subject = Subject::new(self.binary.clone()).except(except);
        case.examine(&subject, except)?;
        Ok(Completion::Completed)
    }
}
