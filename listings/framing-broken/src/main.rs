//! One read taken for one message. Two short messages become one, and one
//! message becomes two pieces, the first of which ends inside a character. And
//! yet the same code works, as long as the sender waits.
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::str;

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut sender = TcpStream::connect(listener.local_addr()?)?;
    let (mut receiver, _) = listener.accept()?;

    // ANCHOR: two_sends
    println!("-- two messages, one read");
    for message in ["hello", "world"] {
        println!("send {} bytes: {message:?}", message.len());
        sender.write_all(message.as_bytes())?;
    }
    until_here(&receiver, 10)?;
    let mut buf = [0; 1024];
    let n = receiver.read(&mut buf)?;
    println!("read {n} bytes: {}", show(&buf[..n]));
    // ANCHOR_END: two_sends

    // ANCHOR: two_reads
    println!("-- one message, two reads");
    let message = "你好";
    println!("send {} bytes: {message:?}", message.len());
    sender.write_all(message.as_bytes())?;
    until_here(&receiver, 6)?;
    let mut buf = [0; 4];
    for _ in 0..2 {
        let n = receiver.read(&mut buf)?;
        println!("read {n} bytes: {}", show(&buf[..n]));
    }
    // ANCHOR_END: two_reads

    // ANCHOR: one_by_one
    println!("-- two messages, and the sender waits");
    let mut buf = [0; 1024];
    for message in ["hello", "world"] {
        println!("send {} bytes: {message:?}", message.len());
        sender.write_all(message.as_bytes())?;
        until_here(&receiver, 5)?;
        let n = receiver.read(&mut buf)?;
        println!("read {n} bytes: {}", show(&buf[..n]));
    }
    // ANCHOR_END: one_by_one
    Ok(())
}

// ANCHOR: show
/// The bytes, and what they are as text.
fn show(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => format!("{bytes:02x?}: {text:?}"),
        Err(e) => format!("{bytes:02x?}: {e}"),
    }
}
// ANCHOR_END: show

/// Waits until `n` bytes lie in the receiver's buffer; takes none of them out.
fn until_here(receiver: &TcpStream, n: usize) -> io::Result<()> {
    loop {
        match receiver.peek(&mut [0; 1024])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            waiting if waiting >= n => return Ok(()),
            _ => {}
        }
    }
}
