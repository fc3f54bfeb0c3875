//! What a server costs while nobody talks to it.

use std::thread;
use std::time::{Duration, Instant};

use load::Fault;

use crate::server::Server;

/// The part of a core that each server uses while all its clients are silent.
pub(crate) fn observe(
    servers: &[&Server],
    clients: usize,
    time: Duration,
) -> Vec<Result<f64, Fault>> {
    let opened: Vec<_> = servers
        .iter()
        .map(|server| load::connect(server.addr(), clients))
        .collect();
    // Each time with the moment when it was true.
    let used = |server: &&Server| {
        load::cpu_time(server.pid()).map(|used| (used, Instant::now()))
    };
    let before: Vec<_> = servers.iter().map(used).collect();
    thread::sleep(time);
    let after = servers.iter().map(used);
    let parts = before.iter().zip(after).zip(opened);
    parts
        .map(|((before, after), opened)| {
            opened?;
            // Without a clock it has ended.
            let (before, after) = before.zip(after).ok_or(Fault::Ended)?;
            let used = after.0.saturating_sub(before.0);
            Ok(used.as_secs_f64() / (after.1 - before.1).as_secs_f64())
        })
        .collect()
}
