//! The system's C compiler, and the listings' twins in C.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::listing::root;

/// Whether there is the command `cc`, as POSIX systems name it.
pub fn has_compiler() -> bool {
    Command::new("cc")
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The same program in C, `listings/epoll-echo/epoll_echo.c` for
/// `epoll-echo`: its path from the repository's root. `None` where a listing
/// has no twin.
pub fn twin(listing: &str) -> Option<PathBuf> {
    let file = format!("{}.c", listing.replace('-', "_"));
    let path = PathBuf::from("listings").join(listing).join(file);
    root().join(&path).is_file().then_some(path)
}

/// Makes the program `binary` of a C file, by its path from the repository's
/// root.
///
/// # Errors
///
/// What the compiler says: its warnings are errors.
pub fn compile(source: &Path, binary: &Path) -> anyhow::Result<()> {
    let output = Command::new("cc")
        .args(["-O2", "-Wall", "-Wextra", "-Werror", "-o"])
        .args([binary, source])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .context("cannot start cc")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cc {}:\n{said}", source.display());
    Ok(())
}
