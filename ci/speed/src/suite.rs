//! How long the tests take.

use std::time::Duration;

use crate::checkout::Checkout;
use crate::process::{Line, Running};
use crate::report::Time;
use crate::terminal::Terminal;

/// `cargo test --workspace` with an empty target folder, and at once again.
pub fn cold_and_warm(
    checkout: &Checkout,
    terminal: &Terminal,
    times: &mut Vec<Time>,
) -> anyhow::Result<()> {
    terminal.doing("cargo test in a clean clone");
    let (cold, start) = run(checkout, terminal)?;
    let what = "`cargo test --workspace` in a clean clone";
    times.push(Time::new("tests-cold", what, &[cold]));
    if let Some(start) = start {
        let what = "… of which until the first test starts";
        times.push(Time::new("tests-start", what, &[start]));
    }
    terminal.doing("cargo test once more");
    let (warm, _) = run(checkout, terminal)?;
    let what = "`cargo test --workspace` at once again";
    times.push(Time::new("tests-warm", what, &[warm]));
    Ok(())
}

/// How long a run takes, and when its first test starts. Not all is compiled
/// by then: the tests that run listings have cargo compile those.
fn run(
    checkout: &Checkout,
    terminal: &Terminal,
) -> anyhow::Result<(Duration, Option<Duration>)> {
    let command = checkout.cargo(&["test", "--workspace", "--locked"]);
    let mut start = None;
    let running = Running::start("`cargo test --workspace`", command)?;
    let all = running.finish(terminal, |line: &Line| {
        if line.text.trim_start().starts_with("Finished `") {
            start.get_or_insert(line.after);
        }
    })?;
    Ok((all, start))
}
