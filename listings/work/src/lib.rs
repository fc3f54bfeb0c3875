//! Work for the echo servers that can use two cores.
//!
//! An echo computes nothing, and the servers of real programs do. With the
//! option `--work-us 50` a server computes for 50 µs whenever it has read
//! something, before it sends that back: so one can measure what a second
//! core is good for, with work and without.
//!
//! ```
//! # fn main() -> anyhow::Result<()> {
//! let args = ["127.0.0.1:0", "--work-us", "50"].map(String::from);
//! let (work, mut args) = work::from_args(args)?;
//! assert_eq!(args.next().as_deref(), Some("127.0.0.1:0"));
//! assert_eq!(args.next(), None);
//! work.run(); // computes for 50 µs
//! # Ok(())
//! # }
//! ```
//!
//! # What a microsecond of work is
//!
//! A fixed number of steps of a computation, found when the program starts:
//! many short trials, of which the fastest counts, because other programs
//! can make a trial slower only. Then each call of [`Work::run`] takes as
//! many steps, whoever else is running. Two other ways look simpler, and both
//! would count as done what was not:
//!
//! - To look at a clock until the time is over. It also passes while the
//!   thread waits for a core, and others compute there.
//! - To look at the CPU time of the thread. Two threads that share what one
//!   core has (simultaneous multithreading) have all their time, and get less
//!   done in it. On Linux it is a system call each time, too.
//!
//! The price: it takes its microseconds at the speed that the core had at the
//! start. On a core that is slower, or has become slower, it takes longer, as
//! other computation does. It touches no memory but a few bytes of its own
//! stack, so that threads do not compete for memory. In a program that was
//! built without optimisation there are fewer steps to a microsecond; the time
//! is the same.

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::vec;

use anyhow::{Context, bail};

/// The option that [`from_args`] knows.
const OPTION: &str = "--work-us";

/// So many trials, ...
const TRIALS: usize = 1000;

/// ... of so many steps each. They take some twenty microseconds, or a hundred
/// without optimisation: short enough that most are not interrupted.
const STEPS: u64 = 20_000;

/// An amount of computation. There is none in [`Work::default`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    steps: u64,
}

impl Work {
    /// As much as takes so many microseconds on a core that has nothing else
    /// to do. Measures first how fast this one is, which takes some
    /// hundredths of a second, or a tenth without optimisation; for 0 it
    /// measures nothing.
    pub fn of_micros(micros: u32) -> Work {
        if micros == 0 {
            return Work::default();
        }
        let trial = (0..TRIALS).map(|_| time_of(STEPS)).min();
        let nanos = trial.map_or(1, |time| time.as_nanos().max(1));
        let steps = u128::from(micros) * 1000 * u128::from(STEPS) / nanos;
        Work { steps: steps.try_into().unwrap_or(u64::MAX) }
    }

    /// Does the work, on the thread that calls. Makes no system call.
    pub fn run(self) {
        compute(self.steps);
    }
}

/// Takes the option `--work-us N` out of the arguments of a program, wherever
/// it stands among them, and gives back the others in their order. Without it
/// there is no work, and nothing is measured.
///
/// # Errors
///
/// Where N is missing or is no number of microseconds from 0 to 2³² − 1, and
/// where there is another argument that begins with `--`.
pub fn from_args(
    args: impl IntoIterator<Item = String>,
) -> anyhow::Result<(Work, vec::IntoIter<String>)> {
    let (micros, others) = parse(args)?;
    Ok((Work::of_micros(micros), others.into_iter()))
}

fn parse(
    args: impl IntoIterator<Item = String>,
) -> anyhow::Result<(u32, Vec<String>)> {
    let mut args = args.into_iter();
    let mut micros = 0;
    let mut others = Vec::new();
    while let Some(arg) = args.next() {
        if arg == OPTION {
            let number = args.next().with_context(|| {
                format!("{OPTION}: the number of microseconds is missing")
            })?;
            micros = number.parse().with_context(|| {
                format!("{OPTION}: {number} is no number of microseconds")
            })?;
        } else if arg.starts_with("--") {
            bail!("{arg}: there is no such option, only {OPTION} N");
        } else {
            others.push(arg);
        }
    }
    Ok((micros, others))
}

fn time_of(steps: u64) -> Duration {
    let start = Instant::now();
    compute(steps);
    start.elapsed()
}

/// Each step needs the number of the step before, and `black_box` hides it
/// from the compiler: no step can be left out, or done beside another.
fn compute(steps: u64) {
    let mut number = 1_u64;
    for _ in 0..steps {
        number = black_box(number.wrapping_mul(6_364_136_223_846_793_005));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> anyhow::Result<(u32, Vec<String>)> {
        parse(args.iter().map(|arg| arg.to_string()))
    }

    #[test]
    fn the_option_may_stand_anywhere() {
        for args in [
            ["--work-us", "50", "[::1]:0", "2"],
            ["[::1]:0", "--work-us", "50", "2"],
            ["[::1]:0", "2", "--work-us", "50"],
        ] {
            let (micros, others) = parsed(&args).expect("it is right");
            assert_eq!(micros, 50, "{args:?}");
            assert_eq!(others, ["[::1]:0", "2"], "{args:?}");
        }
    }

    #[test]
    fn without_the_option_there_is_no_work() {
        let args = ["[::1]:0", "2"].map(String::from);
        let (work, others) = from_args(args).expect("it is right");
        assert_eq!(work.steps, 0);
        assert_eq!(others.as_slice(), ["[::1]:0", "2"]);
        assert_eq!(Work::of_micros(0).steps, 0);
    }

    #[test]
    fn bad_arguments_are_named() {
        for (args, sentence) in [
            (&["--work-us", "x"][..], "--work-us: x is no number"),
            (&["--work-us", "-1"], "--work-us: -1 is no number"),
            (&["--work-us", "4294967296"], ": 4294967296 is no number"),
            (&["--work-us"], "--work-us: the number of microseconds is"),
            (&["--work-ms", "50"], "--work-ms: there is no such option"),
            (&["--work-us=50"], "--work-us=50: there is no such option"),
        ] {
            let error = parsed(args).expect_err("it is wrong").to_string();
            assert!(error.contains(sentence), "{args:?}: {error}");
        }
    }

    /// Twice the time is twice the steps, up to how well they are measured.
    #[test]
    fn more_time_is_more_steps() {
        let few = Work::of_micros(50).steps;
        let many = Work::of_micros(5_000).steps;
        assert!(few > 0);
        assert!(few * 30 < many && many < few * 300, "{few}, {many}");
    }

    // The standard library does not tell the CPU time of a thread, and the
    // computation is the same on every system: a Unix tests it.
    #[cfg(unix)]
    mod cpu_time {
        use std::thread;

        use rustix::time::{ClockId, clock_gettime};

        use super::*;

        /// 1000 times 50 µs.
        const WORK: Duration = Duration::from_millis(50);

        fn of_this_thread() -> Duration {
            let time = clock_gettime(ClockId::ThreadCPUTime);
            time.try_into().expect("it is not negative")
        }

        /// What this thread needs for so many times this work.
        fn needed_for(times: usize, work: Work) -> Duration {
            let before = of_this_thread();
            for _ in 0..times {
                work.run();
            }
            of_this_thread() - before
        }

        /// Whatever disturbs it makes it longer, so the shortest of three
        /// counts.
        #[test]
        fn it_takes_the_time_that_it_says() {
            let work = Work::of_micros(50);
            let needed = (0..3).map(|_| needed_for(1000, work)).min();
            let needed = needed.expect("there are three");
            assert!(WORK / 2 < needed, "{needed:?}");
            assert!(needed < WORK * 3, "{needed:?}");
        }

        /// With four threads to a core they wait three quarters of the time,
        /// and that must not count as work. Each does it in one piece, in
        /// which it loses its core several times.
        #[test]
        fn waiting_for_a_core_is_no_work() {
            let work = Work::of_micros(50_000);
            let cores = thread::available_parallelism().map_or(1, |n| n.get());
            let threads: Vec<_> = (0..4 * cores)
                .map(|_| thread::spawn(move || needed_for(1, work)))
                .collect();
            for thread in threads {
                let needed = thread.join().expect("it does not panic");
                assert!(WORK / 2 < needed, "{needed:?}");
            }
        }

        #[test]
        fn no_work_takes_no_time() {
            let needed = needed_for(1000, Work::default());
            assert!(needed < WORK / 10, "{needed:?}");
        }
    }
}
