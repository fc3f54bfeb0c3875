//! The blocking model: one client is served until it leaves, and then the
//! next. An error of one connection ends that connection, not the server; but
//! a client that is silent holds up all others.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: accept_loop
    loop {
        let (stream, peer) = match listener.accept() {
            Ok(accepted) => accepted,
            Err(e) => {
                eprintln!("cannot accept: {e}");
                // No descriptor is free, perhaps: the caller stays in the
                // queue, and the next accept would fail at once.
                thread::sleep(Duration::from_millis(100));
                continue;
            }
        };
        println!("{peer} came");
        match echo(&stream) {
            Ok(()) => println!("{peer} left"),
            Err(e) => println!("{peer} is lost: {e}"),
        }
    }
    // ANCHOR_END: accept_loop
}

/// Sends back all that comes, until the client says that it has ended.
fn echo(mut stream: &TcpStream) -> io::Result<()> {
    let mut buf = [0; 16 * 1024];
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => stream.write_all(&buf[..n])?,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
