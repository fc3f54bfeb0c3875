//! Program 1 of the notes, call for call: socket, bind, listen, accept, recv,
//! send, close. It serves one client and ends. One read is taken for the whole
//! message: enough for five bytes, not for a file.
use std::env;
use std::io::{Read, Write};
use std::net::SocketAddr;

use anyhow::Context;
use socket2::{Domain, SockAddr, Socket, Type};

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;

    // ANCHOR: set_up
    // ANCHOR: socket
    let listener = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    // ANCHOR_END: socket
    // ANCHOR: reuse
    if cfg!(unix) {
        listener.set_reuse_address(true)?;
    }
    // ANCHOR_END: reuse
    // ANCHOR: bind
    listener
        .bind(&SockAddr::from(addr))
        .with_context(|| format!("cannot listen on {addr}"))?;
    listener.listen(10)?;
    println!("listening on {}", text(&listener.local_addr()?));
    // ANCHOR_END: bind
    // ANCHOR_END: set_up

    // ANCHOR: accept
    let (mut conn, peer) = listener.accept()?;
    println!("{} came", text(&peer));
    // ANCHOR_END: accept

    // ANCHOR: recv
    let mut buf = [0; 1024];
    let n = conn.read(&mut buf)?;
    println!("read {n} bytes: {:?}", String::from_utf8_lossy(&buf[..n]));
    // ANCHOR_END: recv

    // ANCHOR: send
    let reply = b"welcome";
    println!("sending {} bytes", reply.len());
    conn.write_all(reply)?;
    // ANCHOR_END: send

    // ANCHOR: close
    println!("closing");
    drop(conn);
    drop(listener);
    // ANCHOR_END: close
    Ok(())
}

/// The address as `127.0.0.1:8989`: to the kernel it is a block of bytes.
fn text(addr: &SockAddr) -> String {
    addr.as_socket().map_or("unknown".to_string(), |addr| addr.to_string())
}
