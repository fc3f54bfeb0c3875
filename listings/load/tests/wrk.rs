//! A generator that is slow measures itself. So `load` is compared with `wrk`,
//! which is known to be fast: how much CPU time does each need for a request?
//!
//! Both talk to the same server, each on 50 connections that it keeps, with
//! one thread, on the same core, in turns: while one runs the other is
//! stopped (`SIGSTOP`). What each has used in its turn, its process's clock
//! tells; how many requests it made, the server counts. So neither start nor
//! end of a program is in the numbers.
//!
//! What readers measure with is the release build, which is several times as
//! fast; so this test wants one, with `cargo test --release -p load`.

#[cfg(target_os = "linux")]
mod servers;

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let args = libtest_mimic::Arguments::from_args();
    let name = "load_needs_less_cpu_time_than_wrk";
    let trials = vec![testkit::trial::trial(name, linux::test)];
    libtest_mimic::run(&args, trials).exit_code()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{ErrorKind, Read};
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    use anyhow::{Context, bail, ensure};
    use libtest_mimic::Completion;
    use load::{Spread, cpu_time};
    use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
    use testkit::trial::skipped;

    use crate::servers::{SIZE, pin_to, quick};

    const ROUNDS: usize = 25;
    const SLICE: Duration = Duration::from_millis(100);

    /// The most that `load` may use, in proportion to `wrk`.
    const AT_MOST: f64 = 0.85;

    pub fn test() -> anyhow::Result<Completion> {
        if cfg!(debug_assertions) {
            return Ok(skipped("needs a release build"));
        }
        match Command::new("wrk").stdout(Stdio::null()).status() {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Ok(skipped("needs wrk"));
            }
            result => result.context("cannot run wrk")?,
        };
        let bytes = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&bytes);
        let server = quick(move |n| {
            counted.fetch_add(n as u64, Ordering::Relaxed);
        });
        // The programs inherit it.
        pin_to(|cores| cores.last());

        let addr = server.addr;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrk.lua");
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-c50", "-d60s", "-s", script]);
        wrk.arg(format!("http://{addr}/"));
        let mut load = Command::new(env!("CARGO_BIN_EXE_load"));
        load.args(["--active=50", "--no-pin", "--rounds=1", "--slice=60000"]);
        load.arg(format!("--size={SIZE}")).arg(addr.to_string());
        let mut wrk = Generator::start(wrk)?;
        // The first turns, with the connecting, do not count.
        let before = bytes.load(Ordering::Relaxed);
        wrk.turn(&bytes)?;
        let mut by_wrk = bytes.load(Ordering::Relaxed) - before;
        let load = Generator::start(load)?;
        load.turn(&bytes)?;
        let mut ratios = Vec::new();
        for _ in 0..ROUNDS {
            let before = bytes.load(Ordering::Relaxed);
            let reference = wrk.turn(&bytes)?;
            by_wrk += bytes.load(Ordering::Relaxed) - before;
            ratios.push(load.turn(&bytes)? / reference);
        }
        let before = bytes.load(Ordering::Relaxed);
        let seen = wrk.end()?;
        by_wrk += bytes.load(Ordering::Relaxed) - before;
        // In each turn the server may also have answered the last requests
        // of the other.
        let near = 50 * (ROUNDS as u64 + 2);
        let difference = seen.abs_diff(by_wrk / SIZE as u64);
        ensure!(difference <= near, "wrk saw {seen}, and {by_wrk} bytes came");
        let ratio = Spread::of(ratios).context("no rounds")?;
        println!("CPU time a request, load in proportion to wrk: {ratio:.3?}");
        ensure!(ratio.median <= AT_MOST, "{ratio:?}");
        Ok(Completion::Completed)
    }

    /// A program that makes requests, and is stopped when it has no turn.
    struct Generator(Child);

    impl Generator {
        fn start(mut command: Command) -> anyhow::Result<Generator> {
            let child = command.stdout(Stdio::piped()).spawn()?;
            let generator = Generator(child);
            generator.stop()?;
            Ok(generator)
        }

        fn pid(&self) -> Pid {
            Pid::from_child(&self.0)
        }

        fn stop(&self) -> anyhow::Result<()> {
            kill_process(self.pid(), Signal::STOP)?;
            let how = waitpid(Some(self.pid()), WaitOptions::UNTRACED)?;
            let stopped = how.is_some_and(|(_, status)| status.stopped());
            ensure!(stopped, "it has ended: {how:?}");
            Ok(())
        }

        /// Lets it run for a while. Returns the CPU time that it has used for
        /// a request, in microseconds.
        fn turn(&self, bytes: &AtomicU64) -> anyhow::Result<f64> {
            let now = || {
                let time = cpu_time(self.pid()).context("it is gone")?;
                anyhow::Ok((time, bytes.load(Ordering::Relaxed)))
            };
            let before = now()?;
            kill_process(self.pid(), Signal::CONT)?;
            sleep(SLICE);
            self.stop()?;
            let after = now()?;
            let requests = (after.1 - before.1) as f64 / SIZE as f64;
            ensure!(requests >= 1.0, "it has made no requests");
            Ok((after.0 - before.0).as_secs_f64() * 1e6 / requests)
        }

        /// Ends `wrk`, and returns how many requests it has counted. If not
        /// each answer had been one for it, it would not have done the work.
        fn end(&mut self) -> anyhow::Result<u64> {
            kill_process(self.pid(), Signal::INT)?;
            kill_process(self.pid(), Signal::CONT)?;
            let mut text = String::new();
            let stdout = self.0.stdout.as_mut().context("it is a pipe")?;
            stdout.read_to_string(&mut text)?;
            let errors = ["Socket errors", "Non-2xx"];
            if errors.iter().any(|words| text.contains(words)) {
                bail!("wrk is not content:\n{text}");
            }
            let seen = text.lines().find_map(|line| {
                let (number, _) = line.split_once(" requests in ")?;
                number.trim().parse().ok()
            });
            seen.with_context(|| format!("no number of requests:\n{text}"))
        }
    }

    impl Drop for Generator {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}
