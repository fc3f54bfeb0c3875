//! Program 2 of the notes, mended: connect, send, say "that was all", read the
//! reply until the server has said the same, close.
use std::env;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr};

use anyhow::Context;
use socket2::{Domain, SockAddr, Socket, Type};

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;

    // ANCHOR: connect
    let mut conn = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    conn.connect(&SockAddr::from(addr))
        .with_context(|| format!("cannot connect to {addr}"))?;
    println!("connected to {addr}");
    // ANCHOR_END: connect

    // ANCHOR: send
    println!("sending 5 bytes, and then nothing more");
    conn.write_all(b"hello")?;
    conn.shutdown(Shutdown::Write)?;
    // ANCHOR_END: send

    // ANCHOR: read_to_end
    let mut reply = Vec::new();
    loop {
        let mut buf = [0; 1024];
        let n = conn.read(&mut buf)?;
        println!("read {n} bytes");
        if n == 0 {
            break; // the server will send no more
        }
        reply.extend_from_slice(&buf[..n]);
    }
    println!("the reply: {:?}", String::from_utf8_lossy(&reply));
    // ANCHOR_END: read_to_end
    Ok(())
}
