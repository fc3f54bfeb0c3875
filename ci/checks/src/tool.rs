//! Programs that checks use and cargo does not bring.

use std::process::{Command, Stdio};

/// A program that may be missing on a reader's machine.
pub struct Tool {
    /// What it is called.
    pub name: &'static str,
    /// Whether it is there and can be used.
    pub is_there: fn() -> bool,
    /// The command that installs it, or the page that tells how.
    pub install: &'static str,
}

/// Whether a command, as words, can be run and ends with success.
pub fn succeeds(command: &[&str]) -> bool {
    let (program, arguments) =
        command.split_first().expect("a command names a program");
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::succeeds;

    #[test]
    fn a_missing_program_and_a_failing_one_do_not_succeed() {
        assert!(succeeds(&["cargo", "--version"]));
        assert!(!succeeds(&["cargo", "no-such-command"]));
        assert!(!succeeds(&["a-program-that-nobody-has"]));
    }
}
