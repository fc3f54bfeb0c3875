//! A clone of the committed state, in a folder that goes with it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tempfile::TempDir;

use crate::process::{Running, cannot_start};
use crate::terminal::Terminal;

/// A clone with a target folder of its own, which is empty at first. Dropping
/// it removes both.
pub struct Checkout {
    scratch: TempDir,
    terminal: Terminal,
}

impl Checkout {
    /// Clones the repository at `root`.
    pub fn new(root: &Path, terminal: &Terminal) -> anyhow::Result<Checkout> {
        terminal.doing("cloning the committed state");
        let scratch = tempfile::Builder::new()
            .prefix("speed-")
            .tempdir()
            .context("cannot make a folder for temporary files")?;
        let checkout = Checkout { scratch, terminal: terminal.clone() };
        fs::create_dir(checkout.temporary())
            .context("cannot make a folder for temporary files")?;
        let mut git = git(root);
        git.args(["clone", "--quiet", "--local", "--no-tags", "."]);
        git.arg(checkout.root());
        Running::start("git clone", git)?.finish(terminal, |_| ())?;
        Ok(checkout)
    }

    /// Where the clone is.
    pub fn root(&self) -> PathBuf {
        self.scratch.path().join("book")
    }

    /// A folder for what is made beside the clone.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// For temporary files of what is started: a test that is killed leaves
    /// some.
    fn temporary(&self) -> PathBuf {
        self.beside("tmp")
    }

    /// A command of cargo in the clone, which downloads nothing.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo();
        let target = self.root().join("target");
        command
            .args(arguments)
            .current_dir(self.root())
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            // Other target folders, and caches of compilers, are not empty.
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_BUILD_BUILD_DIR", &target)
            .env("RUSTC_WRAPPER", "")
            .env("RUSTC_WORKSPACE_WRAPPER", "")
            // The last lines of a failure are to tell its reason.
            .env_remove("RUST_BACKTRACE");
        for variable in ["TMPDIR", "TMP", "TEMP"] {
            command.env(variable, self.temporary());
        }
        command
    }

    /// Downloads all crates, so that this is no part of any time.
    pub fn fetch(&self, terminal: &Terminal) -> anyhow::Result<()> {
        terminal.doing("downloading crates (not measured)");
        let mut command = self.cargo(&["fetch", "--locked"]);
        command.env_remove("CARGO_NET_OFFLINE");
        Running::start("`cargo fetch`", command)?.finish(terminal, |_| ())?;
        Ok(())
    }

    /// Builds the program that builds the book.
    pub fn build_reader(&self, terminal: &Terminal) -> anyhow::Result<()> {
        terminal.doing("building the reader (not measured)");
        let command = self.cargo(&["build", "--locked"]);
        Running::start("`cargo build`", command)?.finish(terminal, |_| ())?;
        Ok(())
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let folder = self.scratch.path();
        // What was just killed may hold files for a moment (Windows), or make
        // a last one.
        for _ in 0..50 {
            if fs::remove_dir_all(folder).is_ok() {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        if let Err(error) = fs::remove_dir_all(folder) {
            let folder = folder.display();
            self.terminal.say(&format!("cannot remove {folder}: {error}"));
        }
    }
}

/// The cargo that runs this program, or the one on the PATH, without what it
/// tells this program about itself.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO");
    let mut command =
        Command::new(program.unwrap_or_else(|| OsString::from("cargo")));
    for (name, _) in std::env::vars_os() {
        let told = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
        let text = name.to_string_lossy();
        if told.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}

/// A command of git in the repository at `root`, whatever repository a hook
/// that runs this program belongs to.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        // Which settings there are, and so which folders git trusts, is up to
        // the user.
        if text.starts_with("GIT_") && !text.starts_with("GIT_CONFIG_") {
            command.env_remove(&name);
        }
    }
    command
}

/// What git answers, without the end of the line. The inner error is one that
/// it tells.
fn ask_git(
    root: &Path,
    words: &[&str],
) -> anyhow::Result<Result<String, anyhow::Error>> {
    let output = git(root)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start("git", error))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Ok(Err(anyhow!("git {}: {}", words.join(" "), error.trim())));
    }
    Ok(Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()))
}

/// The short name of the commit at `root`, and whether something there is not
/// committed.
pub fn state(root: &Path) -> anyhow::Result<(String, bool)> {
    let not = || {
        let root = root.display();
        format!("{root} is no checkout of git, and a clone is measured")
    };
    if !root.is_dir() {
        bail!("there is no folder {}", root.display());
    }
    let below =
        ask_git(root, &["rev-parse", "--show-prefix"])?.with_context(not)?;
    if !below.is_empty() {
        bail!("{}: it lies in that of another project", not());
    }
    let commit = ask_git(root, &["rev-parse", "--short", "HEAD"])?
        .context("nothing is committed yet, and a clone is measured")?;
    let changed = ask_git(root, &["status", "--porcelain"])??;
    Ok((commit, !changed.is_empty()))
}
