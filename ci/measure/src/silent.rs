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
    let used = |server: &&Server| load::cpu_time(server.pid());
    let before: Vec<_> = servers.iter().map(used).collect();
    let begin = Instant::now();
    thread::sleep(time);
    let elapsed = begin.elapsed().as_secs_f64();
    let after = servers.iter().map(used);
    let parts = before.iter().zip(after).zip(opened);
    parts
        .map(|((before, after), opened)| {
            opened?;
            // Without a clock it has ended.
            let (before, after) = before.zip(after).ok_or(Fault::Ended)?;
            Ok(after.saturating_sub(before).as_secs_f64() / elapsed)
        })
        .collect()
}
