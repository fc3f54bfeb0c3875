//! What a server costs while nobody talks to it.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::server::Server;

/// The part of a core that each server uses while all its clients are silent.
pub(crate) fn observe(
    servers: &mut [&mut Server],
    clients: usize,
    time: Duration,
) -> Vec<Result<f64, String>> {
    let opened: Vec<_> = servers
        .iter()
        .map(|server| load::connect(server.addr(), clients))
        .collect();
    let times = |servers: &[&mut Server]| -> Vec<_> {
        servers.iter().map(|server| used(server.pid())).collect()
    };
    let before = times(servers);
    thread::sleep(time);
    let after = times(servers);
    let times = before.into_iter().zip(after);
    servers
        .iter_mut()
        .zip(times.zip(opened))
        .map(|(server, (times, opened))| {
            // Its clock goes on until somebody has asked how it has ended.
            if let Some(end) = server.ended_already() {
                return Err(end);
            }
            opened.map_err(|fault| fault.to_string())?;
            match times {
                (Some((a, from)), Some((b, to))) => {
                    let used = b.saturating_sub(a).as_secs_f64();
                    Ok(used / (to - from).as_secs_f64())
                }
                _ => Err("its CPU time is not known".to_owned()),
            }
        })
        .collect()
}

/// The CPU time that a process has used, and when that was true: this thread
/// may have been stopped between the two.
fn used(server: Pid) -> Option<(Duration, Instant)> {
    const SOON: Duration = Duration::from_micros(200);
    let mut read = None;
    for _ in 0..100 {
        let begin = Instant::now();
        read = Some((load::cpu_time(server)?, begin));
        if begin.elapsed() < SOON {
            break;
        }
    }
    read
}

/// How much memory of a server each of so many silent clients takes, in bytes.
///
/// # Errors
///
/// In words, where not all can connect, or the system does not tell.
pub(crate) fn memory(
    server: &mut Server,
    clients: usize,
) -> Result<f64, String> {
    let unknown = || "the system does not tell its memory".to_owned();
    // What it takes for a first client is not a part of what each one takes.
    let first = load::connect(server.addr(), 1);
    first.map_err(|fault| fault.to_string())?;
    let before = settled(server.pid()).ok_or_else(unknown)?;
    let opened = load::connect(server.addr(), clients);
    let opened = opened.map_err(|fault| {
        server.ended_already().unwrap_or_else(|| fault.to_string())
    })?;
    let after = settled(server.pid()).ok_or_else(unknown)?;
    drop(opened);
    Ok(after.saturating_sub(before) as f64 / clients as f64)
}

/// A server's memory, when it is the same twice within a moment: threads that
/// have been begun may still be on their way.
fn settled(server: Pid) -> Option<u64> {
    const MOMENT: Duration = Duration::from_millis(20);
    let end = Instant::now() + Duration::from_secs(2);
    let mut last = load::memory(server)?;
    while Instant::now() < end {
        thread::sleep(MOMENT);
        let memory = load::memory(server)?;
        if memory == last {
            break;
        }
        last = memory;
    }
    Some(last)
}
