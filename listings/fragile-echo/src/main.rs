//! An echo server as many a first one is written: one client at a time, and a
//! `?` behind every call. One client's trouble ends it: that is what it shows.
use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: accept_loop
    loop {
        let (stream, peer) = listener.accept()?;
        println!("{peer} came");
        serve(stream)?;
        println!("{peer} left");
    }
    // ANCHOR_END: accept_loop
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 1024];
    loop {
        let n = stream.read(&mut buf)?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buf[..n])?;
    }
}
