//! Buffers inside the program hold bytes back: a writer that has not passed
//! them on yet, and a reader that has taken too many.
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, LineWriter};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn main() -> anyhow::Result<()> {
    not_flushed()?;
    line_by_line()?;
    not_heard()?;
    read_ahead()
}

fn not_flushed() -> anyhow::Result<()> {
    // ANCHOR: not_flushed
    println!("-- a question that nobody has sent");
    let (alice, bob) = connection()?;
    let mut writer = BufWriter::new(&alice);
    writer.write_all(b"how are you?")?;
    println!("alice: write_all has taken 12 bytes");
    println!("alice waits for an answer: {}", read(&alice)?);
    println!("bob waits for a question: {}", read(&bob)?);
    println!("alice: flush");
    writer.flush()?;
    println!("bob waits for a question: {}", read(&bob)?);
    // ANCHOR_END: not_flushed
    Ok(())
}

// ANCHOR: shown
/// A stream that says what is written to it.
struct Shown;

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        println!("    a write of {:?}", String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
// ANCHOR_END: shown

fn line_by_line() -> anyhow::Result<()> {
    // ANCHOR: line_by_line
    println!("-- what standard output does");
    let mut writer = LineWriter::new(Shown);
    for part in ["what is ", "your name? ", "\n", "and your ", "age? "] {
        println!("write_all {part:?}");
        writer.write_all(part.as_bytes())?;
    }
    println!("flush");
    writer.flush()?;
    // ANCHOR_END: line_by_line
    Ok(())
}

fn not_heard() -> anyhow::Result<()> {
    // ANCHOR: not_heard
    println!("-- an error that nobody hears");
    for flush in [false, true] {
        let (reader, into_pipe) = io::pipe()?;
        drop(reader); // whatever is written now can reach nobody
        let mut writer = BufWriter::new(into_pipe);
        println!("write_all: {:?}", writer.write_all(b"my thesis"));
        if flush {
            println!("flush: {:?}", writer.flush().map_err(|e| e.kind()));
        }
        println!("drop");
        drop(writer);
    }
    // ANCHOR_END: not_heard
    Ok(())
}

fn read_ahead() -> anyhow::Result<()> {
    // ANCHOR: read_ahead
    println!("-- a reader that takes too much");
    let (mut alice, bob) = connection()?;
    alice.write_all(b"a line\nand then 20 bytes...")?;
    let mut reader = BufReader::new(&bob);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    println!("read_line: {line:?}");
    let taken = String::from_utf8_lossy(reader.buffer()).into_owned();
    println!("in the socket: {}", read(&bob)?);
    println!("in the reader: {taken:?}");
    // ANCHOR_END: read_ahead
    Ok(())
}

/// One read, in words. It waits for at most 200 ms.
fn read(mut stream: &TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut buf = [0; 64];
    match stream.read(&mut buf) {
        Ok(n) => Ok(format!("{:?}", String::from_utf8_lossy(&buf[..n]))),
        // Unix says WouldBlock, Windows TimedOut.
        Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(NOTHING.to_owned()),
        Err(e) if e.kind() == ErrorKind::TimedOut => Ok(NOTHING.to_owned()),
        Err(e) => Err(e),
    }
}

const NOTHING: &str = "nothing for 200 ms";

/// Two sockets, each the other's peer.
fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let alice = TcpStream::connect(listener.local_addr()?)?;
    let (bob, _) = listener.accept()?;
    Ok((alice, bob))
}
