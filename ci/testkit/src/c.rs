//! The system's C compiler.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, ensure};

use crate::listing::root;

/// What `$CC` names, or else `cc`, as POSIX systems call it.
fn compiler() -> OsString {
    env::var_os("CC").unwrap_or("cc".into())
}

/// Whether there is a C compiler. The first call tries it.
pub fn has_compiler() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        Command::new(compiler())
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

/// Makes the program `binary` of a C file, by its path from the repository's
/// root. Warnings are errors where the variable `CI` is set: a compiler that
/// nobody has tried yet may warn of more than those that were.
///
/// # Errors
///
/// What the compiler says.
pub fn compile(source: &Path, binary: &Path) -> anyhow::Result<()> {
    let mut cc = Command::new(compiler());
    cc.args(["-O2", "-Wall", "-Wextra"]);
    if env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        cc.arg("-Werror");
    }
    let output = cc
        .arg("-o")
        .args([binary, source])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .context("cannot start the C compiler")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let source = source.display();
    ensure!(output.status.success(), "{source} does not compile:\n{said}");
    Ok(())
}
