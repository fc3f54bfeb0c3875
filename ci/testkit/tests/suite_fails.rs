//! The suite `echo`, itself tested: servers with one fault each must fail the
//! case that looks for it, for the right reason, and a server without a fault
//! must pass them all.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use libtest_mimic::{Arguments, Completion, Trial};
use testkit::echo::{self, CASES, Case, Subject};
use testkit::limits;
use testkit::listing::Platform;
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};

/// Faults of `examples/broken_echo.rs`, the case that each must fail, and a
/// piece of what the failure must say.
const FAULTS: &[(&str, &str, &str)] = &[
    ("shouts", "echo", "the echo is \"HELLO\", not \"hello\""),
    ("corrupts", "large", "of the echo is wrong"),
    ("reads-once", "large", "the server"),
    ("reads-once", "byte-by-byte", "the server"),
    ("reads-once", "order", "another is not served"),
    ("one-at-a-time", "order", "another is not served"),
    ("one-at-a-time", "silent", "while 50 are silent"),
    ("one-at-a-time", "hundred", "with 100 clients at once"),
    ("one-at-a-time", "loud", "while one is loud, another is not served"),
    ("turns-away", "thousand", "the last of them is not served"),
    ("turns-away", "ten-thousand", "the last of them is not served"),
    ("hoards", "ten-thousand", "bytes of memory for"),
    ("starves", "loud", "while one is loud, another is not served"),
    ("one-at-a-time", "never-reads", "a client who came then is not"),
    ("forgets-at-the-end", "half-close", "it has ended the stream"),
    ("drops-unread", "half-close", "or drops them"),
    ("drops-unread", "never-reads", "or drops them"),
    ("keeps-everything", "never-reads", "it keeps them without bound"),
    ("ends-on-reset", "hang-up", "the server has ended"),
    ("ends-on-reset", "reset-at-rest", "the server has ended"),
    ("ends-on-reset", "reset-mid-write", "the server has ended"),
    ("leaks", "many", "descriptors after 100 clients"),
    ("ends-without-descriptors", "descriptors", "the server has ended"),
    ("spins-without-descriptors", "descriptors", "with nothing to do"),
    ("burns", "idle", "with nothing to do"),
    ("no-reuse", "restart", "when it is started again"),
    ("panics", "address", "it panics instead of saying a sentence"),
    ("says-nothing", "address", "does not name it on standard error"),
];

/// Pairs of faults and cases that only Linux can show: what they look at is
/// in /proc, or in the habits of its kernel.
const LINUX_ALONE: &[(&str, &str)] = &[
    ("leaks", "many"),
    ("spins-without-descriptors", "descriptors"),
    ("no-reuse", "restart"),
    ("hoards", "ten-thousand"),
];

/// How long a broken server may take for each step: these tests wait it out.
const SHORT: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<ExitCode> {
    let mut args = Arguments::from_args();
    // Broken servers are mostly waited for: that needs no cores.
    args.test_threads.get_or_insert(6);
    limits::raise_descriptors();
    let programs = Arc::new(Programs::examples(Vec::new())?);
    let mut trials = Vec::new();
    for case in CASES {
        let programs = Arc::clone(&programs);
        let name = format!("sound_echo::{}", case.name);
        trials.push(trial(name, move || passes(case, &programs)));
    }
    for &(fault, case, reason) in FAULTS {
        let programs = Arc::clone(&programs);
        let name = format!("{fault}::{case}");
        trials.push(trial(name, move || fails(fault, case, reason, &programs)));
    }
    let untried = Trial::test("every_case_is_failed_by_a_fault", || {
        let tried = |case: &&Case| FAULTS.iter().any(|f| f.1 == case.name);
        match CASES.iter().find(|case| !tried(case)) {
            Some(case) => Err(format!("no fault for `{}`", case.name).into()),
            None => Ok(()),
        }
    });
    trials.push(untried);
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn passes(case: &Case, programs: &Programs) -> anyhow::Result<Completion> {
    if let Some(lack) = case.lack() {
        return Ok(skipped(lack));
    }
    case.see(&Subject::new(programs.binary("sound_echo")?))?;
    Ok(Completion::Completed)
}

fn fails(
    fault: &str,
    case: &str,
    reason: &str,
    programs: &Programs,
) -> anyhow::Result<Completion> {
    let platforms = if LINUX_ALONE.contains(&(fault, case)) {
        &[Platform::Linux]
    } else {
        Platform::ALL
    };
    let case = echo::case(case).context("there is no such case")?;
    if let Some(lack) =
        Platform::missing_from(platforms).or_else(|| case.lack())
    {
        return Ok(skipped(lack));
    }
    let subject = Subject::new(programs.binary("broken_echo")?)
        .args(&[fault])
        .patience(SHORT)
        .aftermath(SHORT)
        .stall(SHORT);
    let Err(error) = case.see(&subject) else {
        bail!("it passed");
    };
    let error = format!("{error:#}");
    ensure!(error.contains(reason), "it failed for another reason: {error}");
    Ok(Completion::Completed)
}
