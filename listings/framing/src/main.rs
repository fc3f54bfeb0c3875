//! Messages over a stream: four bytes say how long the message is, then come
//! its bytes. The receiver gets what was sent, however the stream is cut.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut sender = TcpStream::connect(listener.local_addr()?)?;
    let (mut receiver, _) = listener.accept()?;

    // ANCHOR: dialogue
    for text in ["hello", "world", "你好"] {
        println!("send {text:?}");
        send(&mut sender, text)?;
    }
    println!("send the first 7 bytes of a message of 4 + 5, and hang up");
    sender.write_all(&[0, 0, 0, 5, b'h', b'e', b'l'])?;
    drop(sender);

    loop {
        match receive(&mut receiver) {
            Ok(Some(text)) => println!("received {text:?}"),
            Ok(None) => break println!("the end, between two messages"),
            Err(e) => break println!("no message: {e}"),
        }
    }
    // ANCHOR_END: dialogue
    Ok(())
}

// ANCHOR: limit
/// The longest message that is taken, in bytes. Without a limit, four bytes
/// from a stranger could ask this program for 4 GiB of memory.
const LIMIT: usize = 64 * 1024;
// ANCHOR_END: limit

// ANCHOR: send
fn send(to: &mut impl Write, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len())
        .map_err(|e| io::Error::new(ErrorKind::InvalidInput, e))?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(text.as_bytes())
}
// ANCHOR_END: send

// ANCHOR: receive
/// The next message; `None` at the end of the stream.
///
/// # Errors
///
/// `UnexpectedEof` if the stream ends inside a message, `InvalidData` if the
/// message is too long or is not UTF-8, and what `read` gives.
fn receive(from: &mut impl Read) -> io::Result<Option<String>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1])? {
        0 => return Ok(None), // the end, and no message has begun
        _ => from.read_exact(&mut length[1..])?,
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LIMIT {
        let text = format!("a message of {length} bytes is too long");
        return Err(io::Error::new(ErrorKind::InvalidData, text));
    }
    let mut message = vec![0; length];
    from.read_exact(&mut message)?;
    String::from_utf8(message)
        .map(Some)
        .map_err(|e| io::Error::new(ErrorKind::InvalidData, e))
}
// ANCHOR_END: receive
