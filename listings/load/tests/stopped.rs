//! Whoever waits for the results may stop waiting.
#![cfg(target_os = "linux")]

mod servers;

use std::ops::ControlFlow;
use std::time::Duration;

use load::{Plan, Stopped};
use servers::{echo, plan, start};

#[test]
fn it_ends_when_progress_says_so() {
    let server = || start(|stream| echo(stream, |_| {}));
    let servers = vec![server(), server()];
    let short = Plan { slice: Duration::from_millis(1), ..plan() };
    let mut parts = Vec::new();
    let result = load::run(servers, &Plan { rounds: 1000, ..short }, |part| {
        parts.push(part);
        match parts.len() {
            3 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    });
    let error = result.expect_err("it was stopped");
    assert!(error.is::<Stopped>(), "{error}");
    // In each round there are two turns, and one more for the reference.
    assert_eq!(parts, [0.0, 1.0 / 3000.0, 2.0 / 3000.0]);
}
