//! The generator against servers that do wrong.
#![cfg(target_os = "linux")]

mod servers;

use std::io::{Read, Write};

use servers::{SIZE, measure, opening, start};

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
