// Not every test uses all of it.
#![allow(clippy::unwrap_used, dead_code)]
//! Echo servers that do wrong on purpose, each a thread of the test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::thread;

use load::{Measured, Plan, Server, Talk};

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
pub fn measure(server: Server, change: impl FnOnce(&mut Plan)) -> Measured {
    let mut plan = plan();
    change(&mut plan);
    let go_on = |_| ControlFlow::Continue(());
    let outcome = load::run(vec![server], &plan, go_on).unwrap();
    outcome.servers.into_iter().next().unwrap()
}
