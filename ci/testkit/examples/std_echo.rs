//! An echo server that does everything right, with a thread a client: what
//! the suite must accept.

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Context;

const STACK: usize = 64 * 1024;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_owned());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                println!("{peer} came");
                // 10,000 threads fit into memory if each has little.
                let thread = thread::Builder::new().stack_size(STACK);
                if let Err(e) = thread.spawn(move || serve(stream)) {
                    println!("no thread for {peer}: {e}");
                }
            }
            // Out of descriptors: give those who are here time to leave.
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 4096];
    loop {
        match stream.read(&mut buf)? {
            0 => return Ok(()),
            n => stream.write_all(&buf[..n])?,
        }
    }
}
