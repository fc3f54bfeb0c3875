//! The listing `watch-handshake` where the kernel refuses it what it is made
//! of: it must name what was refused, and a listing that runs everywhere.

use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use libtest_mimic::{Arguments, Completion};
use testkit::need::Need;
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};

/// Limits of `man 7 namespaces` that a user may lower in a user namespace of
/// their own, and what a program there can then not make.
const LIMITS: &[(&str, &str)] = &[
    ("max_user_namespaces", "cannot make a user namespace: "),
    ("max_net_namespaces", "cannot make a network namespace: "),
];

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let refusal = |(limit, words): (&'static str, &'static str)| {
        trial(limit, move || refused(limit, words))
    };
    let trials = LIMITS.iter().copied().map(refusal).collect();
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

/// Runs the listing where the limit is 0.
fn refused(limit: &str, words: &str) -> anyhow::Result<Completion> {
    if let Some(lack) = Need::unmet_of(&[Need::UserNamespaces]) {
        return Ok(skipped(lack));
    }
    let binary = Programs::listings()?.binary("watch-handshake")?;
    let script = format!("echo 0 > /proc/sys/user/{limit} && exec \"$0\"");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "sh", "-c", &script])
        .arg(binary)
        .output()
        .context("cannot start unshare")?;
    let said = String::from_utf8(output.stderr)?;
    ensure!(output.status.code() == Some(1), "{}: {said}", output.status);
    for part in [words, "run 'cargo run -p handshake'"] {
        ensure!(said.contains(part), "{part:?} is not in: {said}");
    }
    Ok(Completion::Completed)
}
