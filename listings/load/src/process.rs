//! The server's side: which process listens there, and what it uses.

mod listening;

use std::fs;
use std::mem::MaybeUninit;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

pub use listening::listening_at;

// ANCHOR: cpu_time
/// The CPU time that all threads of a process have used, in user and in
/// kernel mode, to the nanosecond: `man 3 clock_getcpuclockid`. `None`: it is
/// gone.
pub fn cpu_time(pid: Pid) -> Option<Duration> {
    let mut clock = MaybeUninit::uninit();
    let mut time = MaybeUninit::uninit();
    let raw = pid.as_raw_nonzero().get();
    // SAFETY: each call gets a place for its result, which is read only if the
    // call has succeeded, and so has written it.
    let time: libc::timespec = unsafe {
        if libc::clock_getcpuclockid(raw, clock.as_mut_ptr()) != 0
            || libc::clock_gettime(clock.assume_init(), time.as_mut_ptr()) != 0
        {
            return None;
        }
        time.assume_init()
    };
    Some(Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
}
// ANCHOR_END: cpu_time

/// The memory that a process has in RAM for itself, in bytes: `Anonymous` in
/// `/proc/PID/smaps_rollup`, which is exact; on kernels without that file
/// (before Linux 4.14) `VmRSS` in `/proc/PID/status`. `man 5 proc`.
pub fn memory(pid: Pid) -> Option<u64> {
    let pid = pid.as_raw_nonzero();
    let read = |file: &str, field| {
        let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(field))?;
        let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib * 1024)
    };
    read("smaps_rollup", "Anonymous:").or_else(|| read("status", "VmRSS:"))
}

/// The CPU time that all processes together have used since the start of the
/// machine, in steps of 10 ms: the first line of `/proc/stat`.
pub fn all_cpu_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let fields = text.lines().next()?.split_whitespace().skip(1);
    let fields: Vec<u64> = fields.filter_map(|it| it.parse().ok()).collect();
    // user, nice, system, (idle, iowait,) irq, softirq
    let used = [0, 1, 2, 5, 6].iter().map(|&i| fields.get(i).copied());
    Some(Duration::from_millis(10 * used.sum::<Option<u64>>()?))
}

/// The cores on which a process may run; `None` is the calling thread.
pub fn cores(pid: Option<Pid>) -> Option<CpuSet> {
    sched_getaffinity(pid).ok()
}

/// Lets a process, with all its threads, run on these cores alone; `None` is
/// the calling thread. `false`: the system does not let us.
pub fn pin(pid: Option<Pid>, cores: &CpuSet) -> bool {
    let Some(pid) = pid else {
        return sched_setaffinity(None, cores).is_ok();
    };
    let folder = format!("/proc/{}/task", pid.as_raw_nonzero());
    let Ok(threads) = fs::read_dir(folder) else { return false };
    threads
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(Pid::from_raw)
        .map(|thread| sched_setaffinity(Some(thread), cores))
        // SRCH: that thread has ended meanwhile.
        .all(|done| matches!(done, Ok(()) | Err(Errno::SRCH)))
}
