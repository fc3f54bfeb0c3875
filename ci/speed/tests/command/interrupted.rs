//! Ctrl-C, while a test of what is measured runs.

use std::fs;
use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// For each step. The first compiles a crate.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often it is looked whether something has come.
const LOOK: Duration = Duration::from_millis(5);

/// A crate whose test tells its start by a connection, which the system closes
/// when that process has ended.
fn crate_that_sleeps(folder: &Path) {
    let manifest = "[package]\nname = \"sleeps\"\nversion = \"0.0.0\"\n\
        edition = \"2024\"\n[workspace]\n";
    let lock = "version = 4\n\n[[package]]\nname = \"sleeps\"\n\
        version = \"0.0.0\"\n";
    let test = "#[test]
fn sleeps() {
    let address = std::env::var(\"SPEED_TELLS\").unwrap();
    let _open = std::net::TcpStream::connect(address).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(60));
}
";
    fs::create_dir(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("Cargo.lock"), lock).unwrap();
    fs::write(folder.join("src/lib.rs"), test).unwrap();
}

#[test]
fn ctrl_c_ends_and_removes_what_was_started() {
    let (folder, scratch) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    crate_that_sleeps(folder.path());
    if !super::committed(folder.path()) {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let words = ["--only", "tests"];
    let speed = super::command(folder.path(), scratch.path(), &words)
        .env("SPEED_TELLS", address)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut speed = Ends(speed.unwrap());
    let mut sleeps = speed.accept(&listener);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);

    kill_process(Pid::from_child(&speed.0), Signal::INT).unwrap();
    let error = speed.last_words();
    assert!(error.ends_with("interrupted\n"), "{error}");
    assert_eq!(speed.0.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
    // The test, which cargo started, has ended too.
    sleeps.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    match sleeps.read(&mut [0]) {
        Ok(0) => (),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => (),
        other => panic!("it still runs: {other:?}"),
    }
}

/// A program that is killed if the test fails.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Ends {
    /// The connection that comes while it runs.
    fn accept(&mut self, listener: &TcpListener) -> TcpStream {
        listener.set_nonblocking(true).unwrap();
        let began = Instant::now();
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).unwrap();
                    return stream;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => (),
                Err(error) => panic!("{error}"),
            }
            if self.0.try_wait().unwrap().is_some() {
                panic!("it ended: {}", self.last_words());
            }
            assert!(began.elapsed() < PATIENCE, "no test has started");
            sleep(LOOK);
        }
    }

    /// What it says up to its end, which must come.
    fn last_words(&mut self) -> String {
        let began = Instant::now();
        while self.0.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < PATIENCE, "it has not ended");
            sleep(LOOK);
        }
        let mut words = String::new();
        let pipe = self.0.stderr.take();
        pipe.unwrap().read_to_string(&mut words).unwrap();
        words
    }
}
