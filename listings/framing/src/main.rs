//! Messages on a stream, read in pieces of six bytes. The buffer is printed
//! after every read: so you see how messages are put together.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use framing::{Decoder, Framing};

// ANCHOR: small
/// The longest message, in bytes. So small only to be seen at work: 64 KiB
/// would be usual.
const LIMIT: usize = 16;

/// How much is read at once, in bytes. 4 KiB or more would be usual.
const PIECE: usize = 6;
// ANCHOR_END: small

fn main() -> anyhow::Result<()> {
    // ANCHOR: scenes
    println!("-- three messages, the length first");
    let mut bytes = Vec::new();
    for text in ["hello", "world", "你好"] {
        bytes.extend(Framing::LengthFirst.encode(text, LIMIT)?);
    }
    scene(&bytes, Framing::LengthFirst)?;

    println!("-- three lines");
    scene("hello\r\nworld\n你好\n".as_bytes(), Framing::Lines)?;
    // ANCHOR_END: scenes

    // ANCHOR: broken
    println!("-- an end inside a message");
    scene(b"\0\0\0\x05hel", Framing::LengthFirst)?;

    println!("-- four bytes that announce 4 GiB");
    scene(b"\xff\xff\xff\xff", Framing::LengthFirst)?;

    println!("-- a line without an end");
    scene(&[b'a'; 1000], Framing::Lines)?;

    println!("-- a message that is no text");
    scene(b"\0\0\0\x04\xe4\xbd\xa0\xe5", Framing::LengthFirst)?;
    // ANCHOR_END: broken
    Ok(())
}

/// Sends the bytes through a new connection, and receives them.
fn scene(bytes: &[u8], framing: Framing) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut sender = TcpStream::connect(listener.local_addr()?)?;
    let (receiver, _) = listener.accept()?;
    receiver.set_read_timeout(Some(Duration::from_secs(10)))?;
    sender.write_all(bytes)?;
    drop(sender); // hangs up
    until_here(&receiver, bytes.len())?;
    match receive(receiver, framing) {
        Ok(()) => println!("the end, between two messages"),
        Err(error) => println!("no message: {error}"),
    }
    Ok(())
}

// ANCHOR: receive
fn receive(mut stream: TcpStream, framing: Framing) -> anyhow::Result<()> {
    let mut decoder = Decoder::new(framing, LIMIT);
    let mut piece = [0; PIECE];
    loop {
        let n = match stream.read(&mut piece) {
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        };
        if n == 0 {
            return Ok(decoder.end()?);
        }
        decoder.push(&piece[..n]);
        println!("read {n} bytes, buffer \"{}\"", shown(&decoder));
        while let Some(text) = decoder.next_message()? {
            println!("  message {text:?}, buffer \"{}\"", shown(&decoder));
        }
    }
}
// ANCHOR_END: receive

/// What lies in the buffer, letters as letters.
fn shown(decoder: &Decoder) -> String {
    decoder.pending().escape_ascii().to_string()
}

/// Waits until `n` bytes lie in the receiver's buffer; takes none of them out.
fn until_here(receiver: &TcpStream, n: usize) -> io::Result<()> {
    loop {
        match receiver.peek(&mut [0; 1024])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            waiting if waiting >= n => return Ok(()),
            _ => {}
        }
    }
}
