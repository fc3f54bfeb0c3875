use std::hint::black_box;
use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::waiting::{Memory, Waiting};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const ROUNDS: usize = 20;

/// No round begins after so long: a busy machine takes long for each.
const LIMIT: Duration = Duration::from_millis(500);

pub fn main() -> anyhow::Result<()> {
    // Each core counts memory for itself, and the sum in /proc lacks what it
    // has counted last (`man 5 proc_pid_statm`). With one core that is little.
    one_core()?;
    // What the first threads leave behind is not to be counted later.
    Waiting::start(100, 64 * KIB, || {})?.end();

    println!("-- 1000 threads wait, each with a stack of 2 MiB");
    measure(1000, 2 * MIB, || {}, 16 * KIB)?;
    println!("-- 1000 threads wait, each with a stack of 64 KiB");
    measure(1000, 64 * KIB, || {}, 16 * KIB)?;
    println!("-- 100 threads wait, and have called a hungry function before");
    measure(100, 2 * MIB, hungry, 400 * KIB)?;

    println!("-- time");
    let alone = pipe_alone().context("cannot use a pipe")?;
    println!("a byte through a pipe, to itself: {alone:.1?}");
    let switch = pipe_to_another().context("cannot use a pipe")?;
    println!("a byte through a pipe, to another thread: {switch:.1?}");
    let start = fastest(20, || thread_for_nothing(64 * KIB))
        .context("cannot start a thread")?;
    println!("a thread, from its start to its end: {start:.1?}");
    // Times differ from run to run. These differences are beyond doubt.
    let longer = if switch > alone { "longer" } else { "no longer" };
    println!("to another thread takes {longer} than to itself");
    let more = if start > alone * 10 { "more" } else { "less" };
    println!("a thread takes {more} than 10 times as long as a byte to itself");
    Ok(())
}

// ANCHOR: measure
fn measure(
    threads: usize,
    stack: usize,
    work: fn(),
    bound: usize,
) -> anyhow::Result<()> {
    let before = Memory::now()?;
    let waiting = Waiting::start(threads, stack, work)?;
    let after = Memory::now()?;
    waiting.end();
    let addresses = (after.addresses - before.addresses) / threads;
    println!("addresses: {:.1} MiB a thread", addresses as f64 / MIB as f64);
    let resident = (after.resident - before.resident) / threads;
    let more = if resident > bound { "more" } else { "less" };
    println!("memory: {more} than {} KiB a thread", bound / KIB);
    Ok(())
}

/// Writes to 600 KiB of the stack, and gives them back when it returns.
fn hungry() {
    let mut local = [0_u8; 600 * KIB];
    black_box(&mut local);
}
// ANCHOR_END: measure

/// Keeps this thread, and those that it starts, on one core.
fn one_core() -> anyhow::Result<()> {
    let ours = sched_getaffinity(None).context("cannot ask for the cores")?;
    let first = (0..CpuSet::MAX_CPU).find(|core| ours.is_set(*core));
    let mut one = CpuSet::new();
    one.set(first.context("this thread has no core")?);
    sched_setaffinity(None, &one).context("cannot choose a core")
}

// ANCHOR: pipes
fn pipe_alone() -> io::Result<Duration> {
    let (mut reader, mut writer) = io::pipe()?;
    fastest(200, || {
        writer.write_all(b"x")?;
        reader.read_exact(&mut [0])
    })
}

/// There and back is two bytes, each read by a thread that waits for it.
fn pipe_to_another() -> io::Result<Duration> {
    let (mut reader, mut there) = io::pipe()?;
    let (mut back, mut writer) = io::pipe()?;
    thread::spawn(move || {
        while reader.read_exact(&mut [0]).is_ok() {
            let _ = writer.write_all(b"x");
        }
    });
    let there_and_back = fastest(200, || {
        there.write_all(b"x")?;
        back.read_exact(&mut [0])
    })?;
    Ok(there_and_back / 2)
}
// ANCHOR_END: pipes

fn thread_for_nothing(stack: usize) -> io::Result<()> {
    let thread = thread::Builder::new().stack_size(stack).spawn(|| {})?;
    thread.join().expect("it does not panic");
    Ok(())
}

/// How long one call takes, in the fastest round: that which other programs
/// have disturbed least.
fn fastest(
    calls: u32,
    mut call: impl FnMut() -> io::Result<()>,
) -> io::Result<Duration> {
    let mut fastest = Duration::MAX;
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..calls {
            call()?;
        }
        fastest = fastest.min(start.elapsed() / calls);
        if begin.elapsed() > LIMIT {
            break;
        }
    }
    Ok(fastest)
}
