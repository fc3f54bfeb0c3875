//! The generator against servers whose behaviour is known.
#![cfg(target_os = "linux")]

mod servers;

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use servers::{SIZE, echo, measure, opening, start};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

// How fast the machine is, and what else it does, is not known here. What is
// asserted holds on every machine: a sleep is never shorter than asked, and on
// one connection in closed loop the latencies add up to the time that passed.

/// Of 50 requests one is answered after 30 ms, four after 10 ms.
#[test]
fn percentiles_are_those_of_known_delays() {
    let server = start(|stream| {
        echo(stream, |number| match number {
            n if n % 50 == 49 => sleep(ms(30)),
            n if n % 10 == 9 => sleep(ms(10)),
            _ => {}
        });
    });
    let numbers = measure(server, |plan| plan.slice = ms(3000));
    let numbers = numbers.numbers.expect("it has no fault");
    assert!(numbers.requests >= 50, "{numbers:?}");
    // 98 of 100 are through after 10 ms: the 99th is not.
    assert!(numbers.p99_us >= 30e3, "{numbers:?}");
    // If half of them took that long, then the others had this much time, and
    // so on; a hundredth more, as a histogram rounds.
    let mean_us = 1.01e6 / numbers.rate;
    assert!(numbers.p50_us <= 2.0 * mean_us, "{numbers:?}");
    assert!(numbers.p99_us <= 100.0 * mean_us, "{numbers:?}");
    assert!(numbers.rate <= numbers.requests as f64 / 3.0, "{numbers:?}");
}

/// All connections wait while one request in a thousand holds a lock for
/// 200 ms: the 100th, the 1,100th, and so on.
fn stalls() -> load::Server {
    let served = Arc::new(Mutex::new(0));
    start(move |stream| {
        echo(stream, |_| {
            let mut served = served.lock().expect("nobody panics");
            *served += 1;
            if *served % 1000 == 100 {
                sleep(ms(200));
            }
        });
    })
}

/// At 500 requests a second, 100 of a thousand were due in the 200 ms: more
/// than two in a hundred waited for over 150 ms.
#[test]
fn a_stall_is_seen_in_open_loop() {
    let result = measure(stalls(), |plan| {
        plan.active = 20;
        plan.talk.rate = Some(500.0);
        plan.slice = ms(4000);
    });
    let numbers = result.numbers.expect("it has no fault");
    assert_eq!(numbers.requests, 2000);
    assert!(numbers.p99_us >= 150e3, "{numbers:?}");
    assert!(numbers.p50_us < numbers.p99_us, "{numbers:?}");
}

/// The same server, asked again only after each answer: one late answer a
/// stall. They do not reach the p99.
#[test]
fn a_stall_hides_in_closed_loop() {
    let result = measure(stalls(), |plan| {
        plan.slice = ms(4000);
    });
    let numbers = result.numbers.expect("it has no fault");
    assert!(numbers.requests > 100, "{numbers:?}");
    assert!(numbers.p99_us < 200e3, "{numbers:?}");
    assert!(numbers.max_us >= 200e3, "{numbers:?}");
}

#[test]
fn a_wrong_byte_is_no_number() {
    let server = start(|mut stream| {
        opening(&stream);
        let mut request = [0; SIZE];
        for number in 0.. {
            if stream.read_exact(&mut request).is_err() {
                return;
            }
            // The first is the warm-up's; the second, at the latest, counts.
            request[SIZE - 1] ^= u8::from(number == 1);
            let _ = stream.write_all(&request);
        }
    });
    let result = measure(server, |_| {});
    let fault = result.fault.expect("a byte is wrong");
    assert_eq!(fault, "answers with other bytes");
    assert!(result.numbers.is_none());
}

#[test]
fn an_answer_before_its_request_is_wrong() {
    let server = start(|mut stream| {
        opening(&stream);
        let mut request = [0; SIZE];
        while stream.read_exact(&mut request).is_ok() {
            let _ = stream.write_all(&request);
            let _ = stream.write_all(&request);
        }
    });
    let fault = measure(server, |_| {}).fault;
    assert_eq!(fault.as_deref(), Some("answers with other bytes"));
}

#[test]
fn a_server_that_hangs_up_is_named() {
    let server = start(|stream| {
        opening(&stream);
        let mut request = [0; SIZE];
        let _ = (&stream).read_exact(&mut request);
    });
    let fault = measure(server, |_| {}).fault;
    assert_eq!(fault.as_deref(), Some("ended a connection"));
}

#[test]
fn who_is_never_answered_is_counted() {
    let server = start(|mut stream| {
        opening(&stream);
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let fault = measure(server, |plan| plan.active = 3).fault;
    let words = "3 connections were never answered";
    assert_eq!(fault.as_deref(), Some(words));
}

#[test]
fn connections_that_do_not_open_are_named() {
    let server = start(drop);
    let fault = measure(server, |plan| plan.active = 3).fault;
    let fault = fault.expect("nobody is served");
    assert!(fault.starts_with("only 2 connections opened"), "{fault}");
}

#[test]
fn pieces_and_pipelines_are_put_together() {
    for (size, depth) in [(1, 1), (64, 8), (100_000, 1), (16 * 1024, 4)] {
        let server = start(|mut stream| {
            let mut buf = [0; 10_000];
            while let Ok(n @ 1..) = stream.read(&mut buf) {
                if stream.write_all(&buf[..n]).is_err() {
                    return;
                }
            }
        });
        let result = measure(server, |plan| {
            plan.talk.size = size;
            plan.talk.depth = depth;
            plan.active = 4;
            plan.idle = 10;
        });
        let numbers = result.numbers.unwrap_or_else(|| {
            panic!("{size} bytes, depth {depth}: {:?}", result.fault)
        });
        assert!(numbers.requests >= 4 * depth as u64, "{numbers:?}");
    }
}

/// The server takes in a whole request before it answers, and the kernel's
/// buffers hold less: the generator has to be told when there is room.
#[test]
fn what_does_not_fit_is_sent_later() {
    const BIG: usize = 16 * 1024 * 1024;
    let server = start(|mut stream| {
        opening(&stream);
        let mut request = vec![0; BIG];
        while stream.read_exact(&mut request).is_ok() {
            if stream.write_all(&request).is_err() {
                return;
            }
        }
    });
    let result = measure(server, |plan| plan.talk.size = BIG);
    assert_eq!(result.fault, None);
}

/// The CPU time of this process, in which the server is a thread too.
#[test]
fn the_process_that_listens_is_found() {
    let server = start(|stream| echo(stream, |_| {}));
    let numbers = measure(server, |_| {}).numbers.expect("it has no fault");
    assert!(numbers.cpu_us.is_some_and(|cpu| cpu.median > 0.0));
}
