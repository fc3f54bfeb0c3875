//! Sends each line of its input and prints the reply: a client for the
//! transcripts' own tests.

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_owned());
    let mut stream = TcpStream::connect(&addr)
        .with_context(|| format!("cannot connect to {addr}"))?;
    println!("connected to {addr} from {}", stream.local_addr()?);
    for line in io::stdin().lines() {
        let line = line?;
        stream.write_all(line.as_bytes())?;
        let mut reply = vec![0; line.len()];
        stream.read_exact(&mut reply)?;
        println!("received {:?}", String::from_utf8_lossy(&reply));
    }
    println!("bye");
    Ok(())
}
