//! How long a read and a write may wait; why that is no limit for a message;
//! and a limit that is.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

const LIMIT: Duration = Duration::from_secs(1);
/// A slow peer sends one byte, and waits for this long.
const DRIP: Duration = Duration::from_millis(60);
const MESSAGE: usize = 50;

fn main() -> anyhow::Result<()> {
    read_timeout()?;
    slow_peer()?;
    deadline()?;
    write_timeout()
}

/// The two ends of a connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    Ok((near, far))
}

// ANCHOR: is_timeout
/// Linux and macOS say `WouldBlock`, Windows says `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
// ANCHOR_END: is_timeout

fn read_timeout() -> anyhow::Result<()> {
    println!("-- a read with a limit");
    let (mut stream, mut peer) = pair()?;
    // ANCHOR: read_timeout
    stream.set_read_timeout(Some(LIMIT))?;
    let mut buf = [0; 1024];
    let error = stream.read(&mut buf).err().context("who has sent?")?;
    ensure!(is_timeout(&error), error);
    println!("read: nothing has come in {LIMIT:?}");

    peer.write_all(b"late")?;
    let n = stream.read(&mut buf)?;
    println!("read: {n} bytes, on the same connection");

    let zero = stream.set_read_timeout(Some(Duration::ZERO));
    let error = zero.err().context("a limit of 0 was taken")?;
    println!("a limit of 0: {error}");
    // ANCHOR_END: read_timeout
    Ok(())
}

/// Sends a message, one byte at a time, until the peer is gone.
fn drip(mut stream: TcpStream) {
    for _ in 0..MESSAGE {
        if stream.write_all(b"x").is_err() {
            break;
        }
        thread::sleep(DRIP); // this is what the peer is slow with
    }
}

fn slow_peer() -> anyhow::Result<()> {
    println!("-- a slow peer");
    let (mut stream, peer) = pair()?;
    thread::spawn(|| drip(peer));
    // ANCHOR: slow_peer
    stream.set_read_timeout(Some(LIMIT))?;
    let start = Instant::now();
    stream.read_exact(&mut [0; MESSAGE])?;
    let took = start.elapsed();
    ensure!(took > LIMIT, "the peer was too fast: {took:?}");
    println!("the limit is {LIMIT:?}, the message took {took:.1?}");
    // ANCHOR_END: slow_peer
    Ok(())
}

// ANCHOR: read_by
/// Fills `buf` by the deadline, in however many reads, or fails.
fn read_by(
    stream: &mut TcpStream,
    mut buf: &mut [u8],
    deadline: Instant,
) -> io::Result<()> {
    while !buf.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(buf) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => buf = &mut buf[n..],
            // The deadline says whether it is time to give up.
            Err(e) if is_timeout(&e) => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
// ANCHOR_END: read_by

fn deadline() -> anyhow::Result<()> {
    println!("-- a slow peer, and a deadline");
    let (mut stream, peer) = pair()?;
    thread::spawn(|| drip(peer));
    // ANCHOR: deadline
    let start = Instant::now();
    let result = read_by(&mut stream, &mut [0; MESSAGE], start + LIMIT);
    let error = result.err().context("the peer was too fast")?;
    println!("after {:.1?}: {error}", start.elapsed());
    // ANCHOR_END: deadline
    Ok(())
}

fn write_timeout() -> anyhow::Result<()> {
    println!("-- a write with a limit");
    let (mut stream, mut peer) = pair()?;
    // ANCHOR: write_timeout
    let data = vec![0; 64 << 20];
    stream.set_write_timeout(Some(LIMIT))?;
    println!("write_all: {} bytes, and the peer does not read", data.len());
    let error = stream.write_all(&data).err().context("all was taken")?;
    ensure!(is_timeout(&error), error);
    println!("write_all: out of time");

    drop(stream);
    let came = count(&mut peer)?;
    ensure!(came < data.len(), "all of it came");
    println!("the peer finds some of the bytes, not all");
    // ANCHOR_END: write_timeout
    Ok(())
}

/// Reads to the end of the stream. On Windows a write that ran out of time
/// may have broken it off.
fn count(stream: &mut TcpStream) -> io::Result<usize> {
    let mut buf = [0; 65536];
    let mut count = 0;
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(count),
            Ok(n) => count += n,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::ConnectionReset => {
                return Ok(count);
            }
            Err(e) => return Err(e),
        }
    }
}
