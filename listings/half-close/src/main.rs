//! The server sorts lines, so it can answer only when it has them all. Three
//! clients: one says nothing, one closes, one ends sending and still reads.
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> anyhow::Result<()> {
    for (title, client) in [
        ("the client waits", waits as fn(_) -> _),
        ("the client closes", closes),
        ("the client ends sending", ends_sending),
    ] {
        println!("-- {title}");
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let stream = TcpStream::connect(listener.local_addr()?)?;
        let client = thread::spawn(move || client(stream));
        let (conn, _) = listener.accept()?;
        serve(conn)?;
        client.join().expect("the client does not panic")?;
    }
    Ok(())
}

// ANCHOR: serve
fn serve(mut conn: TcpStream) -> io::Result<()> {
    let mut lines = Vec::new();
    for line in BufReader::new(&conn).lines() {
        lines.push(line?);
    }
    println!("server: {} lines, and read says 0: I sort", lines.len());
    lines.sort();
    conn.write_all((lines.join("\n") + "\n").as_bytes())
}
// ANCHOR_END: serve

const LINES: &[u8] = b"pear\napple\nplum\n";

// ANCHOR: waits
fn waits(mut stream: TcpStream) -> io::Result<()> {
    println!("client: I send 3 lines and wait for the answer");
    stream.write_all(LINES)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    match stream.read(&mut [0; 64]) {
        Err(e) if is_timeout(&e) => {
            println!("client: nothing in half a second, I give up");
            Ok(())
        }
        other => other.map(|n| println!("client: {n} bytes")),
    }
}

/// Unix says `WouldBlock` when the time is over, Windows says `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
// ANCHOR_END: waits

// ANCHOR: closes
fn closes(mut stream: TcpStream) -> io::Result<()> {
    println!("client: I send 3 lines and close");
    stream.write_all(LINES)
} // `stream` ends here: close
// ANCHOR_END: closes

// ANCHOR: ends_sending
fn ends_sending(mut stream: TcpStream) -> io::Result<()> {
    println!("client: I send 3 lines, end sending, and read");
    stream.write_all(LINES)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    println!("client: the answer is {answer:?}");
    Ok(())
}
// ANCHOR_END: ends_sending
