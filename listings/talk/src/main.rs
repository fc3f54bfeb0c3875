//! What you type goes to the server, what the server says goes to the screen.
//! The end of your input (Ctrl-D; on Windows Ctrl-Z, Enter) closes your
//! direction alone: the server's last words still arrive.
use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let mut stream = TcpStream::connect(&addr)
        .with_context(|| format!("cannot connect to {addr}"))?;
    println!("connected to {addr}");

    // ANCHOR: two_directions
    let to_server = stream.try_clone()?;
    // When the server has ended, this thread may still wait for a line from
    // the keyboard. `main` does not wait for it, and ends the program.
    thread::spawn(move || {
        if let Err(e) = send_lines(&to_server) {
            eprintln!("cannot send: {e}");
        }
        to_server.shutdown(Shutdown::Write) // no more will be sent
    });

    let mut screen = io::stdout();
    let mut buf = [0; 4096];
    let mut line_ended = true;
    loop {
        let n = stream.read(&mut buf).context("the connection is lost")?;
        let Some(last) = buf[..n].last() else { break }; // n is 0: the end
        line_ended = *last == b'\n';
        screen.write_all(&buf[..n])?;
        screen.flush()?; // what came may be only a part of a line
    }
    // ANCHOR_END: two_directions
    if !line_ended {
        println!();
    }
    println!("the server has closed the connection");
    Ok(())
}

// ANCHOR: send_lines
/// Sends each line as soon as it is typed, until the input ends.
fn send_lines(mut to_server: &TcpStream) -> io::Result<()> {
    for line in io::stdin().lines() {
        to_server.write_all(format!("{}\n", line?).as_bytes())?;
    }
    Ok(())
}
// ANCHOR_END: send_lines
