//! Program 3 of the notes: a blocking server of two connections. It accepts
//! both before it serves either, and it serves them in the order in which they
//! came: a client that is silent holds up the one behind it.
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: accept_both
    let mut clients = Vec::new();
    for nth in 1..=2 {
        let (stream, peer) = listener.accept()?;
        println!("{peer} came, {nth} of 2");
        clients.push((stream, peer));
    }
    // ANCHOR_END: accept_both

    // ANCHOR: serve_in_turn
    for (stream, peer) in clients {
        println!("now serving {peer}");
        match echo(&stream) {
            Ok(()) => println!("{peer} left"),
            Err(e) => println!("{peer} failed: {e}"),
        }
    } // each stream is closed at the end of its round
    // ANCHOR_END: serve_in_turn
    Ok(())
}

// ANCHOR: echo
/// Sends back all that comes, until the client says that it has ended.
fn echo(mut stream: &TcpStream) -> io::Result<()> {
    let mut buf = [0; 1024];
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => stream.write_all(&buf[..n])?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
// ANCHOR_END: echo
