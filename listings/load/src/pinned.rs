//! Servers and generator each on a core of its own.

use rustix::process::Pid;
use rustix::thread::CpuSet;

use crate::process;
use crate::subject::Subject;

/// Processes that are tied to cores, and where each could run before: it can
/// again when this is dropped.
pub struct Pinned(Vec<(Option<Pid>, CpuSet)>);

impl Pinned {
    /// Each server on the first cores, as many as it may use, the calling
    /// thread on the last. If that cannot be, a note says why.
    pub fn new(
        subjects: &[Subject],
        notes: &mut Vec<String>,
    ) -> Option<Pinned> {
        let refused = "the system does not let servers be tied to a core";
        let mut pinned = Pinned(Vec::new());
        let Some(allowed) = process::cores(None) else {
            notes.push(refused.to_owned());
            return None;
        };
        let cores = (0..CpuSet::MAX_CPU).filter(|&c| allowed.is_set(c));
        let cores: Vec<usize> = cores.collect();
        let [first @ .., last] = &cores[..] else { return None };
        if first.is_empty() {
            notes.push(
                "there is one core: servers and generator share it".to_owned(),
            );
            return None;
        }
        for Subject { server, .. } in subjects {
            if server.cores > first.len() {
                notes.push(format!(
                    "{}: it has a core in common with the generator",
                    server.name
                ));
            }
            let some = &cores[..server.cores.clamp(1, cores.len())];
            if server.pid.is_none() {
                notes.push(format!(
                    "{}: not tied to a core, since its process is not known",
                    server.name
                ));
                return None;
            }
            if !pinned.pin(server.pid, some) {
                notes.push(refused.to_owned());
                return None;
            }
        }
        if !pinned.pin(None, &[*last]) {
            notes.push(refused.to_owned());
            return None;
        }
        Some(pinned)
    }

    /// `false`: the system does not let us.
    fn pin(&mut self, pid: Option<Pid>, cores: &[usize]) -> bool {
        let Some(before) = process::cores(pid) else { return false };
        self.0.push((pid, before));
        let mut set = CpuSet::new();
        for &core in cores {
            set.set(core);
        }
        process::pin(pid, &set)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // Backwards, since a process may have been tied twice.
        for (pid, before) in self.0.iter().rev() {
            process::pin(*pid, before);
        }
    }
}
