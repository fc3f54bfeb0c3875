//! One function copies from memory, a file, a pipe and a socket, to memory, a
//! file and the screen: to a program they are all streams. Then: where they
//! differ.
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

// ANCHOR: copy
/// Moves all bytes until the stream ends. Says how many each read brought.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<Vec<usize>> {
    let mut reads = Vec::new();
    let mut buf = [0; 16];
    loop {
        let n = match from.read(&mut buf) {
            Ok(n) => n,
            // A signal came before any byte did: nothing was read, ask again.
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        reads.push(n);
        if n == 0 {
            return Ok(reads); // the end of the stream
        }
        to.write_all(&buf[..n])?; // repeats until all are taken
    }
}
// ANCHOR_END: copy

const TEXT: &str = "a stream is an ordered run of bytes\n";

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot make a folder")?;
    let path = folder.path().join("notes.txt");
    memory()?;
    files(&path, &folder.path().join("copy.txt"))?;
    pipe()?;
    socket()?;
    ends(&path)?;
    waits()?;
    position(&path)?;
    folder.close().context("cannot remove the folder")
}

fn memory() -> anyhow::Result<()> {
    // ANCHOR: memory
    println!("-- memory to memory");
    let mut from: &[u8] = TEXT.as_bytes();
    let mut to = Vec::new();
    let reads = copy(&mut from, &mut to)?;
    println!("reads {reads:?}, together {} bytes", to.len());
    println!("from has {} bytes left", from.len());
    // ANCHOR_END: memory
    Ok(())
}

fn files(path: &Path, path_of_copy: &Path) -> anyhow::Result<()> {
    // ANCHOR: files
    println!("-- a file to a file");
    fs::write(path, TEXT)?;
    let mut from = File::open(path)?;
    let mut to = File::create(path_of_copy)?;
    let reads = copy(&mut from, &mut to)?;
    let same = fs::read(path_of_copy)? == TEXT.as_bytes();
    println!("reads {reads:?}, the copy is the same: {same}");
    // ANCHOR_END: files
    Ok(())
}

fn pipe() -> anyhow::Result<()> {
    // ANCHOR: pipe
    println!("-- a pipe to memory");
    let (mut from, mut into_pipe) = io::pipe()?;
    into_pipe.write_all(TEXT.as_bytes())?;
    drop(into_pipe); // the last writer goes: this ends the stream
    let mut to = Vec::new();
    let reads = copy(&mut from, &mut to)?;
    println!("reads {reads:?}, together {} bytes", to.len());
    // ANCHOR_END: pipe
    Ok(())
}

fn socket() -> anyhow::Result<()> {
    // ANCHOR: socket
    println!("-- a socket to standard output");
    let (mut alice, mut bob) = connection()?;
    alice.write_all(TEXT.as_bytes())?;
    drop(alice);
    let reads = copy(&mut bob, &mut io::stdout())?;
    println!("reads {reads:?}");
    // ANCHOR_END: socket
    Ok(())
}

fn ends(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: ends
    println!("-- the end of a file, the end of a stream");
    let mut buf = [0; 64];
    let mut file = File::open(path)?;
    file.read_to_end(&mut Vec::new())?;
    println!("file: at its end, read says {}", file.read(&mut buf)?);
    let mut appender = OpenOptions::new().append(true).open(path)?;
    appender.write_all(b"more\n")?;
    println!("file: 5 bytes are appended, read says {}", file.read(&mut buf)?);

    let (alice, mut bob) = connection()?;
    drop(alice);
    for _ in 0..2 {
        println!("socket: at its end, read says {}", bob.read(&mut buf)?);
    }
    // ANCHOR_END: ends
    Ok(())
}

fn waits() -> anyhow::Result<()> {
    // ANCHOR: waits
    println!("-- a stream may keep you waiting");
    let (_alice, mut bob) = connection()?;
    bob.set_read_timeout(Some(Duration::from_millis(200)))?;
    match bob.read(&mut [0; 64]) {
        Err(e) if is_timeout(&e) => {
            println!("socket: alice says nothing, read waited for 200 ms");
        }
        other => println!("socket: read says {other:?}"),
    }
    // ANCHOR_END: waits
    Ok(())
}

/// Unix says WouldBlock, Windows TimedOut.
fn is_timeout(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn position(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: position
    println!("-- a file has positions");
    let mut file = File::open(path)?;
    let mut word = [0; 6];
    for position in [2, 2, 0] {
        file.seek(io::SeekFrom::Start(position))?;
        file.read_exact(&mut word)?;
        println!("at {position}: {:?}", str::from_utf8(&word)?);
    }
    // ANCHOR_END: position
    Ok(())
}

/// Two sockets, each the other's peer.
fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let alice = TcpStream::connect(listener.local_addr()?)?;
    let (bob, _) = listener.accept()?;
    Ok((alice, bob))
}
