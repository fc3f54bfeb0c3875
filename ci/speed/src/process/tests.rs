//! With scripts of a shell.

use super::*;

fn shell(script: &str) -> Running {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Running::start("the script", command).expect("there is a shell")
}

#[test]
fn what_a_program_started_ends_with_it() {
    let terminal = Terminal::new().unwrap();
    let mut running = shell("sleep 60 & echo started; wait");
    let line = running.line(&terminal).unwrap().unwrap();
    assert_eq!(line.text, "started");
    // They are disconnected when no program has the pipe open any more.
    let (_, none) = channel();
    let lines = std::mem::replace(&mut running.lines, none);
    drop(running);
    let end = lines.recv_timeout(Duration::from_secs(10)).unwrap_err();
    assert_eq!(end, RecvTimeoutError::Disconnected);
}

#[test]
fn the_end_does_not_wait_for_what_lives_on() {
    let terminal = Terminal::new().unwrap();
    let running = shell("sleep 60 &");
    let time = running.finish(&terminal, |_| ()).unwrap();
    assert!(time < Duration::from_secs(30), "{time:?}");
}

#[test]
fn a_failure_tells_what_was_printed_last() {
    let terminal = Terminal::new().unwrap();
    let running = shell("seq 100; exit 3");
    let mut lines = 0;
    let error = running.finish(&terminal, |_| lines += 1).unwrap_err();
    assert_eq!(lines, 100);
    let words = error.to_string();
    let starts = "the script failed (exit status: 3). It printed last:";
    assert!(words.starts_with(starts), "{words}");
    assert!(words.ends_with("\n  99\n  100"), "{words}");
    assert!(!words.contains("\n  75\n"), "{words}");
    let none = Command::new("a-program-that-nobody-has");
    let error = Running::start("it", none).err().unwrap().to_string();
    let words = "cannot start a-program-that-nobody-has: is it installed?";
    assert_eq!(error, words);
}
