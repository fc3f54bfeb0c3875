//! The heart of program 4 of the notes: read, then one `write` whose result
//! nobody looks at. A client that sends much before it reads loses bytes.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

/// More than all the buffers between the two ends can hold.
const TOTAL: usize = 32 << 20;

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (conn, _) = listener.accept()?;
    conn.set_nonblocking(true)?;
    thread::spawn(move || as_in_the_notes(conn));

    // ANCHOR: client
    println!("client: I send {} KiB, and read nothing yet", TOTAL >> 10);
    client.write_all(&vec![b'x'; TOTAL])?;
    client.shutdown(Shutdown::Write)?;
    println!("client: all is sent, now I read until the end");
    let mut came_back = Vec::new();
    client.read_to_end(&mut came_back)?;
    match TOTAL - came_back.len() {
        0 => println!("client: every byte came back"),
        _ => println!("client: some bytes never came back"),
    }
    // ANCHOR_END: client
    Ok(())
}

// ANCHOR: as_in_the_notes
fn as_in_the_notes(mut conn: TcpStream) -> io::Result<()> {
    let mut told = false;
    let mut buf = [0; 1024];
    loop {
        match conn.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                let sent = conn.write(&buf[..n]); // conn.send(data)
                if sent.unwrap_or(0) < n && !told {
                    println!("server: the kernel did not take all of it");
                    told = true;
                }
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => thread::yield_now(),
            Err(e) => return Err(e),
        }
    }
}
// ANCHOR_END: as_in_the_notes
