use std::os::unix::process::CommandExt;
use std::process::Command;
use std::{env, fs};

use anyhow::Context;

/// Starts this program anew in this process, with descriptors 0, 1 and 2
/// alone. Some terminals, and `make`, leave more open for their children.
pub fn start_anew() -> anyhow::Result<()> {
    for entry in fs::read_dir("/dev/fd").context("cannot list /dev/fd")? {
        let name = entry?.file_name();
        let Some(fd) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if fd > 2 {
            // SAFETY: F_SETFD touches no memory, and closes nothing here. A
            // number that is not open is an error, EBADF, and no harm.
            unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
    let program = env::current_exe().context("where is this program?")?;
    let error = Command::new(program).arg("scenes").exec();
    Err(error).context("cannot start anew")
}
