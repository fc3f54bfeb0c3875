//! How many descriptors the peers may have.

/// Lets this process, and those that it starts, have more descriptors: as many
/// as it may, up to 65,536. macOS gives a program 256, and many a Linux 1024.
///
/// Where it may not, the limit stays, and who needs more fails with the
/// system's words. Windows has no such limit.
pub fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // macOS takes no more than 10,240, whatever it says is the most.
        for enough in [65_536, 10_240] {
            let most = limit.maximum.map_or(enough, |most| most.min(enough));
            if limit.current.is_none_or(|current| current >= most) {
                return;
            }
            let mut raised = limit;
            raised.current = Some(most);
            if setrlimit(Resource::Nofile, raised).is_ok() {
                return;
            }
        }
    }
}
