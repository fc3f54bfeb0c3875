//! Program 4a of the notes: accept and read in one attempt. A client that
//! connects and takes a moment to speak is lost. Then the same two calls in two
//! attempts: the client is kept.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

fn main() -> anyhow::Result<()> {
    println!("-- as in the notes: one attempt for both calls");
    let (listener, addr) = listen()?;
    thread::spawn(move || as_in_the_notes(&listener));
    let mut client = connect(addr)?;
    match client.read(&mut [0; 16])? {
        0 => println!("client: read says 0: they have hung up on me"),
        n => println!("client: got {n} bytes"),
    }

    println!("-- mended: one attempt for each call");
    let (listener, addr) = listen()?;
    let mut client = connect(addr)?;
    let mut conn = until_ready(|| listener.accept())?.0;
    println!("server: accepted a client");
    // ANCHOR: mended
    conn.set_nonblocking(true)?;
    let mut buf = [0; 1024];
    if let Err(e) = conn.read(&mut buf) {
        println!("server: read says {:?}: I ask again later", e.kind());
    }
    println!("client: now I say hello");
    client.write_all(b"hello")?;
    let n = until_ready(|| conn.read(&mut buf))?;
    println!("server: read says {n} bytes");
    // ANCHOR_END: mended
    Ok(())
}

fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}

fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    println!("client: I connect now and speak in a moment");
    TcpStream::connect(addr)
}

// ANCHOR: as_in_the_notes
fn as_in_the_notes(listener: &TcpListener) {
    loop {
        match accept_and_read(listener) {
            Ok(data) => println!("server: got {} bytes", data.len()),
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                thread::yield_now(); // the notes: "do other things"
            }
            Err(e) => println!("server: {e}"),
        }
    }
}

fn accept_and_read(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut conn, _) = listener.accept()?; // WouldBlock: nobody has come
    println!("server: accepted a client");
    conn.set_nonblocking(true)?;
    let mut buf = [0; 1024];
    let n = conn
        .read(&mut buf) // WouldBlock: somebody has come, and is silent
        .inspect_err(|e| println!("server: read says {:?}", e.kind()))?;
    Ok(buf[..n].to_vec())
}
// ANCHOR_END: as_in_the_notes

/// Makes the same call again for as long as it would block.
fn until_ready<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(e) if e.kind() == ErrorKind::WouldBlock => thread::yield_now(),
            result => return result,
        }
    }
}
