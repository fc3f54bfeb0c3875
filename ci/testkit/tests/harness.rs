//! The harness's own tests: a server is started, heard, and gone when it is
//! dropped.

use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use testkit::deadline::PATIENCE;
use testkit::process::{Ear, Heard, Process};
use testkit::programs::Programs;
use testkit::server::Server;

fn example(name: &str) -> Command {
    let programs = Programs::examples(Vec::new()).expect("it has a folder");
    Command::new(programs.binary(name).expect("it is built"))
}

fn sound_echo(addr: &str) -> Command {
    let mut command = example("sound_echo");
    command.arg(addr);
    command
}

#[test]
fn a_server_is_heard_and_then_gone() {
    let mut server =
        Server::start(sound_echo("127.0.0.1:0")).expect("it starts");
    let stream = TcpStream::connect(server.addr()).expect("it listens");
    let peer = stream.local_addr().expect("it is connected");
    let came = server.wait_for_line(|line| line.ends_with("came"), PATIENCE);
    assert_eq!(came.ok(), Some(format!("{peer} came")));
    let never = server
        .wait_for_line(|_| true, Duration::from_millis(50))
        .expect_err("nothing more happens");
    assert_eq!(never.to_string(), "no such line in 50ms");
    assert_eq!(server.log().len(), 2);
    assert!(server.is_running().expect("the system knows"));

    let addr = server.addr();
    #[cfg(target_os = "linux")]
    let pid = server.pid();
    server.kill();
    assert!(TcpStream::connect(addr).is_err(), "it still listens");
    // Reaped, too: a zombie has a folder in /proc.
    #[cfg(target_os = "linux")]
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[test]
fn a_server_that_is_not_ready_is_an_error() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let taken = holder.local_addr().expect("it is bound").to_string();
    let error = Server::start(sound_echo(&taken)).expect_err("it is taken");
    let error = error.to_string();
    let sentence = "the first line is no ready line, but: Error: cannot listen";
    assert!(error.starts_with(sentence), "{error}");
}

#[test]
fn one_ear_hears_errors_alone() {
    let process = Process::start(example("oddities"), Ear::Errors);
    let mut process = process.expect("it starts");
    let Heard::Line(line) = process.hear(PATIENCE) else {
        panic!("it prints a line on standard error");
    };
    assert_eq!(line.text, "a line on standard error");
    assert!(matches!(process.hear(PATIENCE), Heard::End));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_program() {
    let command = sound_echo("127.0.0.1:0");
    let mut process = Process::start(command, Ear::Both).expect("it starts");
    assert!(matches!(process.hear(PATIENCE), Heard::Line(..)));
    process.interrupt().expect("it runs");
    let status = process.wait(PATIENCE).expect("it ends");
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(status.signal(), Some(2));
}
