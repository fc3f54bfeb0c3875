//! Python 3, under the name it has here.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The command that starts Python 3; `None` where it is not installed.
pub fn interpreter() -> Option<&'static str> {
    static FOUND: OnceLock<Option<&str>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        ["python3", "python"].into_iter().find(|name| is_python_3(name))
    })
}

fn is_python_3(name: &str) -> bool {
    // Where Windows has only a stub that leads to its shop, this fails.
    Command::new(name)
        .args(["-c", "import sys; sys.exit(sys.version_info[0] != 3)"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
