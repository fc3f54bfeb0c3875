//! Drives several servers in turn, in short slices, so that what disturbs the
//! machine disturbs them all; and compares them round by round.

use std::time::{Duration, Instant};

use rustix::process::{Pid, getpid};
use rustix::thread::CpuSet;

use crate::connect::raise_descriptors;
use crate::drive::{Driver, Talk};
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
    /// How long a turn is.
    pub slice: Duration,
    /// How long each server is driven before anything is measured.
    pub warm_up: Duration,
    /// Servers on one core, this thread on another, until it is over.
    pub pin: bool,
}

/// Descriptors that are no connections: input, output, epolls and more.
const OTHERS: usize = 64;

/// Measures the servers. The first is the reference; beside others it has two
/// turns in each round, so that the results also tell what two equal servers
/// differ by. `progress` gets the part that is done.
///
/// # Errors
///
/// Where the system does not give what the generator itself needs. What a
/// server does wrong stands in its result.
pub fn run(
    servers: Vec<Server>,
    plan: &Plan,
    mut progress: impl FnMut(f64),
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
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZero::new(1));
    let mut subjects = Vec::new();
    for server in servers {
        subjects.push(Subject::open(server, plan.active, plan.idle)?);
    }
    let pinned = plan.pin.then(|| Pinned::new(&subjects));
    if let Some(Err(why)) = &pinned {
        notes.push((*why).to_owned());
    }
    let pinned = pinned.and_then(Result::ok);

    let mut driver = Driver::new(plan.talk);
    for subject in subjects.iter_mut().filter(|s| s.fault.is_none()) {
        subject.fault = driver.drive(subject, plan.warm_up).err();
    }
    let (begin, all) = (Instant::now(), process::all_cpu_time());
    let ours = own_cpu_time(&subjects);
    // The turns of a round: each server once, the reference once more.
    let several = usize::from(subjects.len() > 1);
    let turns = subjects.len() + several;
    let mut again = Vec::new();
    for round in 0..plan.rounds {
        for turn in 0..turns {
            let turn = (turn + round) % turns;
            let count = subjects.len();
            let subject = &mut subjects[turn % count];
            if subject.fault.is_some() {
                continue;
            }
            match driver.drive(subject, plan.slice) {
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
        progress((round + 1) as f64 / plan.rounds as f64);
    }
    let elapsed = begin.elapsed();
    let used = own_cpu_time(&subjects).saturating_sub(ours);
    let all = process::all_cpu_time().zip(all);
    let all = all.map(|(b, a)| b.saturating_sub(a));
    let others = all.map(|all| {
        all.saturating_sub(used).as_secs_f64() / elapsed.as_secs_f64()
    });
    let results =
        subjects.iter().map(|s| Measured::new(s, &subjects[0], &mut notes));
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

/// Processes that are tied to a core, and where each could run before: it can
/// again when this is dropped.
struct Pinned(Vec<(Option<Pid>, CpuSet)>);

impl Pinned {
    /// All servers on one core, the calling thread on another. If that cannot
    /// be, says why.
    fn new(subjects: &[Subject]) -> Result<Pinned, &'static str> {
        let allowed = process::cores(None).ok_or(REFUSED)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|&c| allowed.is_set(c));
        let (Some(first), Some(second)) = (cores.next(), cores.next()) else {
            return Err("there is one core: servers and generator share it");
        };
        let mut pinned = Pinned(Vec::new());
        for pid in subjects.iter().filter_map(|s| s.server.pid) {
            pinned.pin(Some(pid), first)?;
        }
        pinned.pin(None, second)?;
        Ok(pinned)
    }

    fn pin(
        &mut self,
        pid: Option<Pid>,
        core: usize,
    ) -> Result<(), &'static str> {
        self.0.push((pid, process::cores(pid).ok_or(REFUSED)?));
        let mut cores = CpuSet::new();
        cores.set(core);
        process::pin(pid, &cores).then_some(()).ok_or(REFUSED)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // Backwards, since a process may have been tied twice.
        for (pid, before) in self.0.iter().rev() {
            process::pin(*pid, before);
        }
    }
}

const REFUSED: &str = "the system does not let servers be tied to a core";
