//! Prints what differs from run to run, on both outputs in turn, and fails:
//! a demo for the transcripts' own tests.

use std::process::{self, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let start = Instant::now();
    println!("I am process {}", process::id());
    eprintln!("a line on standard error");
    println!();
    // Longer than the recorder waits for quiet.
    thread::sleep(Duration::from_millis(600));
    println!("> slept for {} ms", start.elapsed().as_millis());
    ExitCode::from(3)
}
