//! The command, on a small book in a repository of its own.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

#[cfg(unix)]
#[path = "command/interrupted.rs"]
mod interrupted;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A book of one chapter.
fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
    };
    fs::create_dir(folder.path().join("book")).unwrap();
    let toml = "book.src = \"book\"\nbuild.build-dir = \"target/book\"\n";
    write("book.toml", toml);
    write("book/SUMMARY.md", "# Contents\n\n- [Hello](hello.md)\n");
    write("book/hello.md", "# Hello\n\n```text\ncommitted\n```\n");
    folder
}

fn git(folder: &Path, words: &[&str]) {
    let config = ["user.name=A", "user.email=a@b.c", "commit.gpgsign=false"];
    let mut git = Command::new("git");
    for setting in config {
        git.args(["-c", setting]);
    }
    // A hook of git that runs the tests names the repository of its own so.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            git.env_remove(&name);
        }
    }
    // Nor do the settings of who runs them count.
    git.env("GIT_CONFIG_GLOBAL", folder.join("no-settings"));
    git.env("GIT_CONFIG_NOSYSTEM", "1");
    let output = git.args(words).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Commits all of the folder in a new repository. `false`: git is not here.
fn committed(book: &Path) -> bool {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: needs git");
        return false;
    }
    git(book, &["init", "--quiet"]);
    git(book, &["add", "."]);
    git(book, &["commit", "--quiet", "-m", "A book."]);
    true
}

/// The command, with its temporary files in `scratch`, as a hook of another
/// repository would run it.
fn command(root: &Path, scratch: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_speed"));
    for variable in ["TMPDIR", "TMP", "TEMP"] {
        command.env(variable, scratch);
    }
    let of_git = ["DIR", "WORK_TREE", "COMMON_DIR", "OBJECT_DIRECTORY"];
    for variable in of_git {
        command.env(format!("GIT_{variable}"), scratch.join("none"));
    }
    command.arg("--root").arg(root).args(words);
    command
}

/// Runs the command to its end.
fn speed(root: &Path, scratch: &Path, words: &[&str]) -> Output {
    command(root, scratch, words).output().unwrap()
}

#[test]
fn the_pages_of_what_is_committed_are_weighed() {
    let book = book();
    if !committed(book.path()) {
        return;
    }
    let text = "x".repeat(100_000);
    fs::write(book.path().join("book/hello.md"), text).unwrap();

    let scratch = tempfile::tempdir().unwrap();
    let json = scratch.path().join("figures.json");
    let words = ["--only", "pages", "--json", json.to_str().unwrap()];
    let output = speed(book.path(), scratch.path(), &words);
    assert!(output.status.success(), "{output:?}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("\n| hello.html | "), "{shown}");
    assert!(shown.contains("What is not committed was not"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");

    let figures: Value =
        serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(figures["times"], Value::Array(Vec::new()));
    let page = &figures["pages"]["pages"][0];
    let bytes = |value: &Value| value["raw"].as_u64().unwrap();
    assert_eq!(page["holds"]["code"], 1);
    assert!(bytes(&page["html"]) < 100_000, "{page}");
    let loads: u64 =
        page["loads"].as_object().unwrap().values().map(bytes).sum();
    assert_eq!(bytes(&page["all"]), bytes(&page["html"]) + loads);

    // Nothing is left behind, and nothing was built in the repository.
    let left = fs::read_dir(scratch.path()).unwrap().count();
    assert_eq!(left, 1, "only figures.json stays");
    assert!(!book.path().join("target").exists());
}

#[test]
fn what_is_no_checkout_is_a_sentence() {
    let book = book();
    let scratch = tempfile::tempdir().unwrap();
    let output = speed(book.path(), scratch.path(), &["--only", "pages"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let error = String::from_utf8(output.stderr).unwrap();
    let starts = error.starts_with(&book.path().display().to_string());
    assert!(starts, "{error}");
    assert!(error.contains(" is no checkout of git"), "{error}");
}

#[test]
fn a_missing_git_is_a_sentence() {
    let book = book();
    let scratch = tempfile::tempdir().unwrap();
    let output = command(book.path(), scratch.path(), &["--only", "pages"])
        .env("PATH", scratch.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    let words = "cannot start git: is it installed?";
    assert!(error.starts_with(words), "{error}");
}

#[test]
fn the_file_of_an_earlier_run_stays_where_nothing_was_measured() {
    let book = book();
    let scratch = tempfile::tempdir().unwrap();
    let run = |json: &Path| {
        let words = ["--only", "pages", "--json", json.to_str().unwrap()];
        let output = speed(book.path(), scratch.path(), &words);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let (old, new) = (book.path().join("old"), book.path().join("new"));
    fs::write(&old, "figures").unwrap();
    assert!(run(&old).contains(" is no checkout of git"));
    assert_eq!(fs::read(&old).unwrap(), b"figures");
    assert!(run(&new).contains(" is no checkout of git"));
    assert!(!new.exists());
    let nowhere = book.path().join("none/new");
    let error = run(&nowhere);
    let words = format!("cannot write {}: ", nowhere.display());
    assert!(error.starts_with(&words), "{error}");
}

#[test]
fn a_command_that_fails_is_named_with_its_reason() {
    let book = book();
    if !committed(book.path()) {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    // Nothing that cargo could run.
    let output = speed(book.path(), scratch.path(), &["--only", "tests,build"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    let named = "`cargo fetch` failed (exit status: 101). It printed last:\n";
    assert!(error.contains(named) || cfg!(windows), "{error}");
    assert!(error.contains("Cargo.toml"), "{error}");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}
