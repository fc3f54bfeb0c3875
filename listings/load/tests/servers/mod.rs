// Not every test uses all of it.
#![allow(clippy::unwrap_used, dead_code)]
//! Echo servers that do wrong on purpose, each a thread of the test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::process::Command;
use std::thread;

use load::{Measured, Outcome, Plan, Server, Talk};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The bytes of a request.
pub const SIZE: usize = 64;

/// Starts a server that hands each of its connections to `serve`, in a thread
/// of its own. (Connections say one byte when they are opened: it is echoed.)
pub fn start(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || {
                stream.set_nodelay(true).unwrap();
                serve(stream);
            });
        }
    });
    Server::new("server", addr)
}

/// Echoes the byte of the opening; the last of the connections says it.
pub fn opening(mut stream: &TcpStream) {
    let mut byte = [0];
    stream.peek(&mut byte).unwrap();
    if byte == *b"?" {
        stream.read_exact(&mut byte).unwrap();
        stream.write_all(&byte).unwrap();
    }
}

/// Echoes whole requests, and calls `before` with the number of each.
pub fn echo(mut stream: TcpStream, mut before: impl FnMut(usize)) {
    opening(&stream);
    let mut request = [0; SIZE];
    for number in 0.. {
        if stream.read_exact(&mut request).is_err() {
            return;
        }
        before(number);
        if stream.write_all(&request).is_err() {
            return;
        }
    }
}

/// Starts a server that is quick: one thread, one epoll, on the first core. It
/// calls `before` with the number of bytes before it echoes them.
pub fn quick(mut before: impl FnMut(usize) + Send + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        pin_to(|cores| cores.first());
        let epoll = epoll::create(CreateFlags::CLOEXEC).unwrap();
        let key = EventData::new_u64(0);
        epoll::add(&epoll, &listener, key, EventFlags::IN).unwrap();
        let mut streams = Vec::new();
        let mut events = Vec::with_capacity(256);
        let mut buf = [0; 64 * 1024];
        loop {
            events.clear();
            epoll::wait(&epoll, spare_capacity(&mut events), None).unwrap();
            for event in &events {
                let key = event.data.u64() as usize;
                if key == 0 {
                    let (stream, _) = listener.accept().unwrap();
                    stream.set_nodelay(true).unwrap();
                    let key = EventData::new_u64(streams.len() as u64 + 1);
                    epoll::add(&epoll, &stream, key, EventFlags::IN).unwrap();
                    streams.push(stream);
                    continue;
                }
                let mut stream = &streams[key - 1];
                let n = stream.read(&mut buf).unwrap_or(0);
                before(n);
                if n == 0 || stream.write_all(&buf[..n]).is_err() {
                    epoll::delete(&epoll, stream).unwrap();
                }
            }
        }
    });
    Server::new("server", addr)
}

/// Ties the calling thread, and the programs that it starts from now on, to
/// one of the cores that it may use, if the system allows that.
pub fn pin_to(choose: impl FnOnce(&[usize]) -> Option<&usize>) {
    let Ok(allowed) = sched_getaffinity(None) else { return };
    let cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    let cores: Vec<usize> = cores.collect();
    let mut set = CpuSet::new();
    set.set(*choose(&cores).unwrap());
    let _ = sched_setaffinity(None, &set);
}

/// A short measurement.
pub fn plan() -> Plan {
    Plan {
        talk: Talk { size: SIZE, depth: 1, rate: None },
        active: 1,
        idle: 0,
        rounds: 1,
        slice: std::time::Duration::from_millis(300),
        warm_up: std::time::Duration::from_millis(1),
        pin: false,
    }
}

/// Measures one server; `change` adapts the plan.
pub fn outcome(server: Server, change: impl FnOnce(&mut Plan)) -> Outcome {
    let mut plan = plan();
    change(&mut plan);
    let go_on = |_| ControlFlow::Continue(());
    load::run(vec![server], &plan, go_on).unwrap()
}

/// The same, and gives the server's part of the result.
pub fn measure(server: Server, change: impl FnOnce(&mut Plan)) -> Measured {
    outcome(server, change).servers.into_iter().next().unwrap()
}

/// What the program says of these servers, when it is run with these options.
pub fn program(options: &[&str]) -> Outcome {
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_load"))
        .args(options)
        .arg("--json")
        .arg(file.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(file.path()).unwrap();
    serde_json::from_str(&text).unwrap()
}
