//! A UDP server: whatever comes in one datagram goes back in one, to whoever
//! sent it. One socket serves all clients.
use std::env;
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;

    // ANCHOR: serve
    let socket = UdpSocket::bind(addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", socket.local_addr()?);

    let mut buf = vec![0; 65_535]; // no datagram is longer
    loop {
        match socket.recv_from(&mut buf) {
            Ok((n, peer)) => {
                println!("{n} bytes from {peer}");
                if let Err(e) = socket.send_to(&buf[..n], peer) {
                    eprintln!("cannot answer {peer}: {e}");
                }
            }
            // A signal came first; nothing was received.
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            // Windows: an earlier answer found its client gone.
            Err(e) if e.kind() == ErrorKind::ConnectionReset => {
                eprintln!("a client left before its answer came: {e}");
            }
            Err(e) => return Err(e).context("cannot receive"),
        }
    }
    // ANCHOR_END: serve
}
