use std::env;
use std::ffi::c_int;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use libc::{SA_RESTART, SIGALRM, SIGUSR1};
use rustix::event::{PollFd, PollFlags, poll};

use crate::signal::{Thread, alarm, handle, raise};

pub fn main() -> anyhow::Result<()> {
    println!("-- a handler that takes a lock");
    let status = Command::new(env::current_exe()?)
        .arg("stuck")
        .status()
        .context("cannot start the child")?;
    ensure!(status.signal() == Some(SIGALRM), "the child: {status}");
    println!("the child waited for itself, until SIGALRM ended it");

    println!("-- a handler that counts");
    // SAFETY: `count` changes an atomic number, and does no more.
    unsafe { handle(SIGUSR1, count, 0)? };
    raise(SIGUSR1);
    println!("the handler has run {} time", RUNS.load(Ordering::Relaxed));

    println!("-- read, and a signal");
    // ANCHOR: read
    let (mut stream, mut friend) = UnixStream::pair()?;
    let result = with_signals(|| stream.read(&mut [0; 16]));
    println!("read says {}", words(&result));
    friend.write_all(b"hello")?;
    println!("again: read says {}", words(&stream.read(&mut [0; 16])));
    // ANCHOR_END: read

    println!("-- read, and a signal with SA_RESTART");
    // SAFETY: as above.
    unsafe { handle(SIGUSR1, count, SA_RESTART)? };
    let before = RUNS.load(Ordering::Relaxed);
    let main = Thread::current();
    let sender = thread::spawn(move || {
        while RUNS.load(Ordering::Relaxed) < before + 3 {
            main.send(SIGUSR1);
            thread::sleep(Duration::from_millis(10));
        }
        friend.write_all(b"hello").map(|()| friend)
    });
    println!("read says {}", words(&stream.read(&mut [0; 16])));
    println!("the handler has run: {}", RUNS.load(Ordering::Relaxed) > before);
    let friend = sender.join().expect("it does not panic")?;

    println!("-- poll, and a signal with SA_RESTART");
    let result = with_signals(|| {
        let mut fds = [PollFd::new(&stream, PollFlags::IN)];
        Ok(poll(&mut fds, None)?)
    });
    println!("poll says {}", words(&result));
    drop(friend);
    Ok(())
}

// ANCHOR: stuck
static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());

/// As one would write it, and wrong: a handler may not wait for a lock.
extern "C" fn note(_: c_int) {
    LOG.lock().expect("nobody panics").push("a signal came");
}

pub fn stuck() -> anyhow::Result<()> {
    // SAFETY: none: `note` breaks the rule. The process ends by `alarm`.
    unsafe { handle(SIGUSR1, note, 0)? };
    let mut log = LOG.lock().expect("nobody panics");
    log.push("I write into the log");
    println!("child: I hold the lock, and here comes a signal");
    alarm(1);
    raise(SIGUSR1);
    println!("child: this is never printed");
    Ok(())
}
// ANCHOR_END: stuck

// ANCHOR: counter
static RUNS: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_: c_int) {
    RUNS.fetch_add(1, Ordering::Relaxed);
}
// ANCHOR_END: counter

// ANCHOR: with_signals
/// Makes a call that waits for ever, and sends signals to this thread until it
/// has returned: the first may come before it waits.
fn with_signals<T>(call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let (main, returned) = (Thread::current(), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !returned.load(Ordering::Relaxed) {
                main.send(SIGUSR1);
                thread::sleep(Duration::from_millis(10));
            }
        });
        let result = call();
        returned.store(true, Ordering::Relaxed);
        result
    })
}
// ANCHOR_END: with_signals

fn words(result: &io::Result<usize>) -> String {
    match result {
        Ok(n) => n.to_string(),
        Err(e) => format!("{:?}: {e}", e.kind()),
    }
}
