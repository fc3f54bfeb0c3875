//! Drives several servers in turn, in short slices, so that what disturbs the
//! machine disturbs them all; and compares them round by round.

use std::fmt;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use rustix::process::getpid;

use crate::connect::raise_descriptors;
use crate::drive::{Driver, Talk};
use crate::pinned::Pinned;
use crate::process;
use crate::result::{Measured, Outcome};
use crate::subject::{Server, Subject};

/// How it is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What each active connection does.
    pub talk: Talk,
    /// How many connections talk, to each server.
    pub active: usize,
    /// How many more are open, and silent.
    pub idle: usize,
    /// How often each server has its turn.
    pub rounds: usize,
    /// How long a turn is measured.
    pub slice: Duration,
    /// How long it has lasted before.
    pub warm_up: Duration,
    /// Each server on the first of the cores, as many as it may use, and this
    /// thread on the last, until it is over.
    pub pin: bool,
}

/// `progress` wanted no more.
#[derive(Clone, Copy, Debug)]
pub struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped")
    }
}

impl std::error::Error for Stopped {}

/// Descriptors that are no connections: input, output, epolls and more.
const OTHERS: usize = 64;

/// Measures the servers. The first is the reference; beside others it has two
/// turns in each round, so that the results also tell what two equal servers
/// differ by. `progress` gets the part that is done, before each turn, and 1 at
/// the end; it says whether to go on.
///
/// # Errors
///
/// Where the system does not give what the generator itself needs; [`Stopped`]
/// where `progress` says so. What a server does wrong stands in its result.
pub fn run(
    servers: Vec<Server>,
    plan: &Plan,
    mut progress: impl FnMut(f64) -> ControlFlow<()>,
) -> anyhow::Result<Outcome> {
    let mut notes = Vec::new();
    let per_server = plan.active + plan.idle;
    let needed = per_server * servers.len() + OTHERS;
    let allowed = raise_descriptors();
    if allowed < needed as u64 {
        anyhow::bail!(
            "{needed} descriptors are needed here, and {allowed} are allowed: \
             ulimit -Hn"
        );
    }
    let _slack = Slack::none();
    let mut subjects = Vec::new();
    for server in servers {
        subjects.push(Subject::open(server, plan.active, plan.idle)?);
    }
    let pinned = plan.pin.then(|| Pinned::new(&subjects, &mut notes)).flatten();

    let mut driver = Driver::new(plan.talk);
    let (begin, all) = (Instant::now(), process::all_cpu_time());
    let ours = own_cpu_time(&subjects);
    // The turns of a round: each server once, the reference once more.
    let several = usize::from(subjects.len() > 1);
    let turns = subjects.len() + several;
    let mut again = Vec::new();
    for round in 0..plan.rounds {
        for nth in 0..turns {
            let done = (round * turns + nth) as f64;
            if progress(done / (plan.rounds * turns) as f64).is_break() {
                return Err(Stopped.into());
            }
            // Not always after the same one.
            let turn = match round % 2 {
                0 => (round + nth) % turns,
                _ => (round + turns - nth) % turns,
            };
            let count = subjects.len();
            let subject = &mut subjects[turn % count];
            if subject.fault.is_some() {
                continue;
            }
            match subject.turn(&mut driver, plan.warm_up, plan.slice) {
                Err(fault) => {
                    subject.fault = Some(fault);
                    continue;
                }
                Ok(slice) if turn == count => again.push(slice),
                Ok(slice) => subject.slices.push(slice),
            }
            let same = subject.latency.add(driver.latency());
            same.expect("both have the same bounds");
        }
    }
    let _ = progress(1.0);
    let elapsed = begin.elapsed();
    let used = own_cpu_time(&subjects).saturating_sub(ours);
    let all = process::all_cpu_time().zip(all);
    let all = all.map(|(b, a)| b.saturating_sub(a));
    let others = all.map(|all| {
        all.saturating_sub(used).as_secs_f64() / elapsed.as_secs_f64()
    });
    let results = subjects
        .iter()
        .map(|s| Measured::new(s, &subjects[0], &again, &mut notes));
    let results = results.collect();
    let pinned = pinned.is_some();
    Ok(Outcome::new(results, &subjects[0], &again, pinned, others, notes))
}

/// The CPU time of this process and of all the servers.
fn own_cpu_time(subjects: &[Subject]) -> Duration {
    let mut pids: Vec<_> =
        subjects.iter().filter_map(|s| s.server.pid).collect();
    pids.push(getpid());
    pids.sort_by_key(|pid| pid.as_raw_nonzero());
    pids.dedup();
    pids.into_iter().filter_map(process::cpu_time).sum()
}

/// How much later than asked this thread may be woken, so that the processor
/// can sleep longer: 50 µs by default. Programs that it starts inherit that,
/// so it is again what it was when this is dropped.
struct Slack(u64);

impl Slack {
    fn none() -> Slack {
        let before = rustix::thread::current_timer_slack().unwrap_or(0);
        let _ = rustix::thread::set_current_timer_slack(NonZero::new(1));
        Slack(before)
    }
}

impl Drop for Slack {
    fn drop(&mut self) {
        let before = NonZero::new(self.0);
        let _ = rustix::thread::set_current_timer_slack(before);
    }
}
