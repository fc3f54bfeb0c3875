//! Program 2 of the notes, call for call: socket, connect, send, close. It
//! hangs up without reading, so the server's reply is lost. `first-client` is
//! the same program, mended.
use std::env;
use std::io::Write;
use std::net::SocketAddr;

use anyhow::Context;
use socket2::{Domain, SockAddr, Socket, Type};

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;

    // ANCHOR: calls
    let mut conn = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    conn.connect(&SockAddr::from(addr))
        .with_context(|| format!("cannot connect to {addr}"))?;
    println!("connected to {addr}");

    println!("sending 5 bytes");
    conn.write_all(b"hello")?;
    drop(conn);
    // ANCHOR_END: calls
    Ok(())
}
