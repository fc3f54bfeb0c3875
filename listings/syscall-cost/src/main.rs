//! What a system call costs, beside a function call; and what it costs to ask
//! the kernel for a few bytes at a time. With `--release` the function call
//! gets cheaper, and the system call stays what it is.
use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufReader, Read, Seek, Write};
use std::time::{Duration, Instant};

use anyhow::Context;

const ROUNDS: usize = 5;
const CALLS: u32 = 20_000;
const TOTAL: usize = 1 << 18;

fn main() -> anyhow::Result<()> {
    let mut file = tempfile::tempfile().context("cannot make a file")?;
    file.write_all(&[b'x'; TOTAL]).context("cannot write the file")?;

    println!("-- one call");
    // ANCHOR: one_call
    let function = each(|| {
        black_box(half(black_box(42)));
        Ok(())
    })?;
    println!("a function call: {:.1} ns", nanoseconds(function));
    let clock = each(|| {
        black_box(Instant::now());
        Ok(())
    })?;
    println!("a look at the clock: {:.1} ns", nanoseconds(clock));
    let system_call = each(|| {
        black_box(file.stream_position()?);
        Ok(())
    })?;
    println!("a system call: {:.1} ns", nanoseconds(system_call));
    // ANCHOR_END: one_call
    compare("a system call", system_call, 5, "a function call", function);

    println!("-- {TOTAL} bytes of a file, so many a call");
    // ANCHOR: many_calls
    let mut buf = vec![0; 65_536];
    let mut times = Vec::new();
    for size in [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536] {
        let (calls, time) = read_all(&mut file, |source| {
            while source.read(&mut buf[..size])? != 0 {}
            Ok(())
        })?;
        row(size, calls, time);
        times.push(time);
    }
    // ANCHOR_END: many_calls
    compare("1 a call", times[0], 100, "4096 a call", times[6]);

    println!("-- 1 byte at a time, from a buffer that asks for 8192");
    // ANCHOR: buffered
    let (calls, time) = read_all(&mut file, |source| {
        let mut buffered = BufReader::with_capacity(8192, source);
        while buffered.read(&mut [0])? != 0 {}
        Ok(())
    })?;
    // ANCHOR_END: buffered
    row(8192, calls, time);
    compare("1 byte a call", times[0], 2, "the buffer", time);
    Ok(())
}

// ANCHOR: half
/// Never put in the place of its call, so that there is a call to measure.
#[inline(never)]
fn half(n: u64) -> u64 {
    n / 2
}
// ANCHOR_END: half

/// How long `CALLS` calls take: the median of all rounds.
fn each(mut call: impl FnMut() -> io::Result<()>) -> io::Result<Duration> {
    median(|| {
        let start = Instant::now();
        for _ in 0..CALLS {
            call()?;
        }
        Ok(start.elapsed())
    })
}

/// Has the file read from its start to its end. Says how many calls that
/// took, and how long: the median of all rounds.
fn read_all(
    file: &mut File,
    mut read: impl FnMut(&mut Counted) -> io::Result<()>,
) -> io::Result<(usize, Duration)> {
    let mut calls = 0;
    let time = median(|| {
        file.rewind()?;
        let mut source = Counted { file, calls: 0 };
        let start = Instant::now();
        read(&mut source)?;
        let time = start.elapsed();
        calls = source.calls;
        Ok(time)
    })?;
    Ok((calls, time))
}

/// A file that counts how often the kernel is asked.
struct Counted<'f> {
    file: &'f mut File,
    calls: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        self.file.read(buf)
    }
}

/// One round may have been interrupted; that in the middle has most likely
/// not.
fn median(
    mut round: impl FnMut() -> io::Result<Duration>,
) -> io::Result<Duration> {
    let mut times =
        (0..ROUNDS).map(|_| round()).collect::<io::Result<Vec<_>>>()?;
    times.sort();
    Ok(times[ROUNDS / 2])
}

/// Of one of `CALLS` calls.
fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn row(size: usize, calls: usize, time: Duration) {
    let milliseconds = time.as_secs_f64() * 1e3;
    println!("{size:>6} a call: {calls:>6} calls, {milliseconds:.3} ms");
}

/// Says whether the difference is beyond doubt: times alone differ from run
/// to run.
fn compare(
    long: &str,
    much: Duration,
    factor: u32,
    short: &str,
    little: Duration,
) {
    let more = if much > little * factor { "more" } else { "less" };
    println!("{long} takes {more} than {factor} times as long as {short}");
}
