//! The program, and what it says of other processes than its own.
#![cfg(target_os = "linux")]

mod servers;

use std::io;
use std::net::TcpListener;
use std::process::Command;
use std::thread;

const LOAD: &str = env!("CARGO_BIN_EXE_load");

#[test]
fn too_few_descriptors_are_told() {
    let server = servers::quick(|_| {});
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 100; exec \"$@\"", "sh", LOAD])
        .args(["--active=30", "--idle=170", &server.addr.to_string()])
        .output()
        .expect("there is a shell");
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr);
    let expected = "264 descriptors are needed here, and 100 are allowed";
    assert!(words.contains(expected), "{words}");
}

/// A server that keeps and uses 256 KiB for each connection. It has done so
/// for all before the last one is answered.
#[test]
fn memory_is_that_of_a_connection() {
    const BIG: usize = 256 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let addr = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming().flatten() {
            kept.push(vec![1_u8; BIG]);
            thread::spawn(move || io::copy(&mut &stream, &mut &stream));
        }
    });
    let options = ["--active=1", "--idle=127", "--rounds=1", "--slice=10"];
    let addr = addr.to_string();
    let outcome = servers::program(&[&options[..], &[&addr]].concat());
    let memory = outcome.servers[0].numbers.and_then(|it| it.memory);
    let memory = memory.expect("/proc can be read");
    let big = BIG as f64;
    assert!((0.5 * big..2.0 * big).contains(&memory), "{memory}");
}
