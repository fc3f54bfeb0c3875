//! What Linux says of a process in `/proc`; see `man 5 proc`.
//!
//! On other systems every function returns an error: ask
//! [`Platform::current`](crate::listing::Platform::current) first.

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// The unit of CPU times in `/proc/PID/stat`: `USER_HZ` is 100 on every
/// architecture that Rust supports Linux on.
const TICK: Duration = Duration::from_millis(10);

/// How many descriptors the process has open.
///
/// # Errors
///
/// Where the process is gone, or is not ours.
pub fn open_descriptors(pid: u32) -> anyhow::Result<usize> {
    let folder = format!("/proc/{pid}/fd");
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("cannot read {folder}"))?;
    Ok(entries.count())
}

/// The memory that the process has in RAM (`VmRSS`), in bytes.
///
/// # Errors
///
/// Where the process is gone.
pub fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    let file = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {file}"))?;
    parse_resident(&text)
        .with_context(|| format!("{file} has no line VmRSS in kB"))
}

/// The CPU time that all threads of the process have used, in user and in
/// kernel mode, in steps of 10 ms.
///
/// # Errors
///
/// Where the process is gone.
pub fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let file = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {file}"))?;
    parse_cpu_time(&text)
        .with_context(|| format!("{file} has no fields utime and stime"))
}

fn parse_resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

fn parse_cpu_time(stat: &str) -> Option<Duration> {
    // The second field is the program's name in parentheses, and may hold
    // spaces and parentheses itself. Fields 14 and 15 are the times.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_an_odd_name() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194560 90 0 0 0 7 5 0 0 20 0";
        assert_eq!(parse_cpu_time(stat), Some(Duration::from_millis(120)));
    }

    #[test]
    fn resident_memory_is_in_bytes() {
        let status = "Name:\techo\nVmHWM:\t 4096 kB\nVmRSS:\t    2048 kB\n";
        assert_eq!(parse_resident(status), Some(2 * 1024 * 1024));
    }
}
