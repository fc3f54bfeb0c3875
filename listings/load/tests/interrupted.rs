//! Ctrl-C ends the program, and what it has changed is again as it was.
//!
//! The server is this process, which the program ties to one core: so here is
//! no other test.
#![cfg(target_os = "linux")]

mod servers;

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, getpid, kill_process};
use rustix::thread::sched_getaffinity;

#[test]
fn a_server_that_was_tied_to_a_core_is_free_again() {
    let before = sched_getaffinity(Some(getpid())).expect("it runs somewhere");
    let (tell, asked) = mpsc::channel();
    let server = servers::quick(move |n| {
        // The connection's first byte comes before that.
        if n > 1 {
            let _ = tell.send(());
        }
    });
    let child = Command::new(env!("CARGO_BIN_EXE_load"))
        .args(["--active=1", "--rounds=2000", "--slice=10"])
        .arg(server.addr.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it can be run");
    let minute = Duration::from_secs(60);
    asked.recv_timeout(minute).expect("it asks");
    let during = sched_getaffinity(Some(getpid())).expect("it runs somewhere");
    let signal = kill_process(Pid::from_child(&child), Signal::INT);
    signal.expect("it has not ended");
    let output = child.wait_with_output().expect("it is a child");

    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(words, "stopped before the end: there are no results\n");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert_eq!(during.count(), 1);
    assert_eq!(sched_getaffinity(Some(getpid())), Ok(before));
}
