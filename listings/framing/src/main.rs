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
            Ok(None) => {
                println!("the end, between two messages");
                return Ok(());
            }
            Err(e) => {
                println!("no message: {e}");
                return Ok(());
            }
        }
    }
    // ANCHOR_END: dialogue
}

// ANCHOR: limit
/// The longest message, in bytes. Four bytes could announce up to 4 GiB.
const LIMIT: u32 = 64 * 1024;

fn within_limit(length: u32) -> io::Result<()> {
    if length <= LIMIT {
        return Ok(());
    }
    let text = format!("{length} bytes are more than {LIMIT}");
    Err(io::Error::new(ErrorKind::InvalidData, text))
}
// ANCHOR_END: limit

// ANCHOR: send
fn send(to: &mut impl Write, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    within_limit(length)?;
    let mut frame = Vec::from(length.to_be_bytes());
    frame.extend_from_slice(text.as_bytes());
    to.write_all(&frame)
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
    let mut header = Vec::new();
    from.by_ref().take(4).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(None); // the stream ended, and no message had begun
    }
    let header: [u8; 4] = header.try_into().map_err(|_| cut_short())?;
    let length = u32::from_be_bytes(header);
    within_limit(length)?;
    let mut message = Vec::new();
    let n = from.by_ref().take(length.into()).read_to_end(&mut message)?;
    if n < length as usize {
        return Err(cut_short());
    }
    String::from_utf8(message)
        .map(Some)
        .map_err(|e| io::Error::new(ErrorKind::InvalidData, e))
}

fn cut_short() -> io::Error {
    let text = "the stream ended inside a message";
    io::Error::new(ErrorKind::UnexpectedEof, text)
}
// ANCHOR_END: receive
