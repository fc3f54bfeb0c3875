use std::process::{Command, Output};

use super::tiny::Tiny;

/// Runs the program on the repository; the words name checks.
fn checks(tiny: &Tiny, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_checks"))
        .arg("--root")
        .arg(tiny.root())
        .args(words)
        .env_remove("CI")
        .output()
        .unwrap()
}

#[test]
fn a_good_repository_passes_every_check() {
    let tiny = Tiny::new();
    let output = checks(&tiny, &[]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{out}");
    assert_eq!(out.lines().count(), checks::CHECKS.len() + 1, "{out}");
    assert!(out.contains("\nlinks … ok\n"), "{out}");
    assert!(out.contains(" 0 failed, "), "{out}");
}

#[test]
fn only_the_named_checks_run_and_a_problem_fails_the_program() {
    let tiny = Tiny::new();
    tiny.append("book/introduction.md", "Look!");
    let output = checks(&tiny, &["workspace", "chapters"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "chapters … 1 problem\n  \
         book/introduction.md:4: a sentence ends with `!`\n\
         workspace … ok\n\
         1 passed, 1 failed, 0 skipped\n"
    );
}

#[test]
fn an_unknown_name_is_refused() {
    let output = checks(&Tiny::new(), &["no-such-check"]);
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("'no-such-check'"), "{err}");
    assert!(err.contains("rust-blocks"), "{err}");
}
