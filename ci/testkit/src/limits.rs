//! Limits that the system sets to a program.

/// Lets this process, and those that it starts, have more descriptors: up to
/// 4096, if it may. Suites with a hundred clients run beside one another, and
/// macOS gives a program 256.
///
/// Where it may not, the limit stays, and a test that needs more fails with
/// the system's words. Windows has no such limit.
pub fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        const ENOUGH: u64 = 4096;
        let mut limit = getrlimit(Resource::Nofile);
        let most = limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
        if limit.current.is_some_and(|current| current < most) {
            limit.current = Some(most);
            let _ = setrlimit(Resource::Nofile, limit);
        }
    }
}
