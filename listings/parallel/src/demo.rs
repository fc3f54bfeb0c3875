use std::fs;
use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The most processors that a `CpuSet` can name.
const MOST: usize = CpuSet::MAX_CPU;

pub fn main() -> anyhow::Result<()> {
    let ours = sched_getaffinity(None).context("cannot ask for the cores")?;
    let mut cores = (0..MOST).filter(|core| ours.is_set(*core));
    let (Some(one), Some(other)) = (cores.next(), cores.next()) else {
        bail!("this listing needs two cores, and has one");
    };

    println!("-- two threads on one core");
    let count = run([one, one], 50)?;
    ensure!(count.switches >= count.waits, "this was no single core");
    println!("no wait without a switch to the other thread");

    println!("-- two threads on two cores");
    let count = run([one, other], 10_000)?;
    let few = count.switches < count.waits / 10;
    let share = if few { "more" } else { "less" };
    println!("{share} than 9 of 10 waits without a switch");
    Ok(())
}

#[derive(Default)]
struct Count {
    /// How often one of the threads had to wait for its turn.
    waits: u32,
    /// How often the kernel let another thread run in the place of one.
    switches: u32,
}

/// Runs two threads, each on its core.
fn run(cores: [usize; 2], turns: u32) -> anyhow::Result<Count> {
    let turn = &AtomicU32::new(0);
    let start = Instant::now();
    let count = thread::scope(|scope| {
        let threads = [0, 1].map(|me| {
            scope.spawn(move || take_turns(cores[me], me, turn, turns))
        });
        let mut sum = Count::default();
        for thread in threads {
            let count = thread.join().expect("it does not panic")?;
            sum.waits += count.waits;
            sum.switches += count.switches;
        }
        anyhow::Ok(sum)
    })?;
    println!("{turns} turns: {:.1?}", start.elapsed());
    Ok(count)
}

// ANCHOR: take_turns
/// Takes every second turn.
fn take_turns(
    core: usize,
    me: usize,
    turn: &AtomicU32,
    turns: u32,
) -> anyhow::Result<Count> {
    let mut cores = CpuSet::new();
    cores.set(core);
    sched_setaffinity(None, &cores).context("cannot choose a core")?;
    let before = switches()?;
    let mut waits = 0;
    for mine in (0..turns).skip(me).step_by(2) {
        if turn.load(Ordering::Acquire) != mine {
            waits += 1;
            while turn.load(Ordering::Acquire) != mine {
                hint::spin_loop(); // asks again; the kernel knows of no wait
            }
        }
        turn.store(mine + 1, Ordering::Release);
    }
    Ok(Count { waits, switches: switches()? - before })
}
// ANCHOR_END: take_turns

/// What the kernel has counted for this thread.
fn switches() -> anyhow::Result<u32> {
    let status = fs::read_to_string("/proc/thread-self/status")
        .context("cannot read what the kernel has counted")?;
    let counts = status.lines().filter_map(|line| {
        let (name, count) = line.split_once(':')?;
        name.ends_with("voluntary_ctxt_switches").then_some(count.trim())
    });
    let mut sum = 0;
    for count in counts {
        sum += count.parse::<u32>()?;
    }
    Ok(sum)
}
