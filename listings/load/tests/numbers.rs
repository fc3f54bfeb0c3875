//! The generator's numbers, for servers whose behaviour is known.
//!
//! How fast the machine is, and what else it does, is not known. What is
//! asserted holds on every machine.
#![cfg(target_os = "linux")]

mod servers;

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use load::{Numbers, Server};
use rustix::process::Pid;
use servers::{SIZE, echo, measure, outcome, quick, start};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Of ten requests one is answered after 30 ms, five after 2 ms. How long each
/// really took, the server writes down.
#[test]
fn percentiles_are_those_of_known_delays() {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let server = start(move |stream| {
        echo(stream, |number| {
            let begin = Instant::now();
            match number % 10 {
                9 => sleep(ms(30)),
                0..5 => sleep(ms(2)),
                _ => {}
            }
            keep.lock().expect("nobody panics").push(begin.elapsed());
        });
    });
    let numbers = measure(server, |plan| plan.slice = ms(3000));
    let numbers = numbers.numbers.expect("it has no fault");
    let n = numbers.requests as usize;
    assert!(n >= 100, "{numbers:?}");

    // The first were those of the warm-up.
    let kept = kept.lock().expect("nobody panics");
    let kept = kept[kept.len() - n..].iter();
    let mut kept: Vec<f64> = kept.map(|it| it.as_secs_f64() * 1e6).collect();
    kept.sort_by(f64::total_cmp);
    // On one connection in closed loop the latencies add up to the time that
    // passed. What they are longer than what the server kept, all together:
    let added = n as f64 * 1e6 / numbers.rate - kept.iter().sum::<f64>();
    for (part, us) in [
        (0.5, numbers.p50_us),
        (0.99, numbers.p99_us),
        (0.999, numbers.p999_us),
        (1.0, numbers.max_us),
    ] {
        let place = part * n as f64;
        // No latency is shorter than what the server kept for it, so this
        // holds for the shortest, for the second, and so on.
        let least = kept[place.floor() as usize - 1];
        // If the k-th is longer than the m-th that was kept, then there are
        // m - k + 1 or more to which so much was added.
        let k = place.ceil() as usize;
        let most = (k..=n).map(|m| kept[m - 1] + added / (m - k + 1) as f64);
        let most = most.fold(f64::INFINITY, f64::min);
        // A histogram rounds in the third digit.
        let agrees = least * 0.999..=most * 1.001;
        assert!(agrees.contains(&us), "{part}: {agrees:?}, {numbers:?}");
    }
}

/// All connections wait while the thousandth request takes 200 ms.
fn stalls() -> Server {
    let mut bytes = 0;
    quick(move |n| {
        let before = bytes / (1000 * SIZE);
        bytes += n;
        if before == 0 && bytes / (1000 * SIZE) == 1 {
            sleep(ms(200));
        }
    })
}

/// In 200 ms of the 4 s one in twenty is due. More than one in a hundred
/// waits for 150 ms or more.
#[test]
fn a_stall_is_seen_in_open_loop() {
    let result = measure(stalls(), |plan| {
        plan.active = 50;
        plan.talk.rate = Some(20_000.0);
        plan.slice = ms(4000);
    });
    let numbers = result.numbers.expect("it has no fault");
    assert_eq!(numbers.requests, 80_000);
    assert!(numbers.p99_us >= 150e3, "{numbers:?}");
    // The generator keeps up: most are answered soon. (Without optimizations
    // it may need half a core for this, and others may want that.)
    if !cfg!(debug_assertions) {
        assert!(numbers.p50_us < 50e3, "{numbers:?}");
    }
    assert!(numbers.rate <= 20_000.0, "{numbers:?}");
}

/// The same server, asked again only after each answer: one late answer. It
/// does not reach the p99.
#[test]
fn a_stall_hides_in_closed_loop() {
    let result = measure(stalls(), |plan| plan.slice = ms(2000));
    let numbers = result.numbers.expect("it has no fault");
    assert!(numbers.requests >= 1000, "{numbers:?}");
    assert!(numbers.p99_us < 150e3, "{numbers:?}");
    assert!(numbers.max_us >= 200e3, "{numbers:?}");
}

/// Slices of 50 ms, in which the answer takes 200.
#[test]
fn rates_are_divided_by_the_time_that_passed() {
    let server = start(|stream| echo(stream, |_| sleep(ms(200))));
    let result = measure(server, |plan| {
        plan.slice = ms(50);
        plan.rounds = 2;
    });
    let numbers = result.numbers.expect("it has no fault");
    assert_eq!(numbers.requests, 2);
    assert!(numbers.rate <= 5.0, "{numbers:?}");
}

/// A program that never rests, ended when this is dropped.
struct Busy(std::process::Child);

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_others_use_is_told() {
    let mut command = Command::new("sh");
    command.args(["-c", "while :; do :; done"]);
    let _busy = Busy(command.spawn().expect("there is a shell"));
    let server = start(|stream| echo(stream, |_| {}));
    let result = outcome(server, |plan| {
        plan.talk.rate = Some(100.0);
        plan.slice = ms(1000);
    });
    let others = result.others.expect("/proc/stat can be read");
    assert!(others > 0.3, "{result:?}");
}

#[test]
fn a_cpu_time_that_is_not_known_is_no_number() {
    let mut gone = Command::new("true").spawn().expect("there is true");
    let pid = Pid::from_child(&gone);
    gone.wait().expect("it ends");
    let server = start(|stream| echo(stream, |_| {}));
    let result = outcome(Server { pid: Some(pid), ..server }, |_| {});
    let numbers = result.servers[0].numbers.expect("it has no fault");
    assert!(numbers.cpu_us.is_none() && numbers.server_core.is_none());
    let [note] = &result.notes[..] else { panic!("{:?}", result.notes) };
    assert!(note.contains("CPU time is not known"), "{note}");
}

#[test]
fn a_busy_generator_beside_an_idle_server_was_the_limit() {
    let server = start(|stream| echo(stream, |_| {}));
    let numbers = measure(server, |_| {}).numbers.expect("it has no fault");
    for (generator_core, server_core, limit) in [
        (0.95, Some(0.5), true),
        (0.95, Some(0.95), false),
        (0.5, Some(0.5), false),
        (0.95, None, false),
    ] {
        let numbers = Numbers { generator_core, server_core, ..numbers };
        assert_eq!(numbers.generator_was_limit(1), limit, "{numbers:?}");
    }
}
