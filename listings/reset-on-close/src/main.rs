//! Who closes a socket with unread bytes in it resets the connection. A
//! client does it to a server, a server to a client; then the server learns
//! to close in steps.
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

type Act = fn(TcpStream) -> io::Result<()>;

fn main() -> anyhow::Result<()> {
    let scenes: [(&str, Act, Act); 4] = [
        ("a client that reads the answer", reading_client, curious_server),
        ("a client that does not", hasty_client, curious_server),
        ("a server that does not read all", long_client, hasty_server),
        ("a server that closes in steps", long_client, patient_server),
    ];
    for (title, client, server) in scenes {
        println!("-- {title}");
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let stream = TcpStream::connect(listener.local_addr()?)?;
        let (conn, _) = listener.accept()?;
        for end in [&stream, &conn] {
            end.set_read_timeout(Some(Duration::from_secs(5)))?;
        }
        let client = thread::spawn(move || client(stream));
        server(conn)?;
        client.join().expect("the client does not panic")?;
    }
    Ok(())
}

// ANCHOR: curious_server
/// Answers, and then reads on, to learn how the conversation ends.
fn curious_server(mut conn: TcpStream) -> io::Result<()> {
    let mut buf = [0; 64];
    let n = conn.read(&mut buf)?;
    println!("server: {n} bytes came, I send 7");
    conn.write_all(b"welcome")?;
    match conn.read(&mut buf) {
        Ok(n) => println!("server: the next read says {n}"),
        Err(e) => println!("server: the next read says {:?}: {e}", e.kind()),
    }
    Ok(())
}
// ANCHOR_END: curious_server

// ANCHOR: clients
fn reading_client(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(b"hello")?;
    let n = stream.read(&mut [0; 64])?;
    println!("client: I have read {n} bytes, and close");
    Ok(())
}

fn hasty_client(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(b"hello")?;
    let n = stream.peek(&mut [0; 64])?; // waits, and leaves the bytes there
    println!("client: {n} bytes are here, unread, and I close");
    Ok(())
}
// ANCHOR_END: clients

// ANCHOR: long_client
/// Sends a request of 40 bytes and wants to read the whole answer.
fn long_client(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(&[b'?'; 40])?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        Ok(_) => println!("client: the answer is {answer:?}, I close too"),
        Err(e) => println!("client: no answer, {:?}: {e}", e.kind()),
    }
    Ok(())
}
// ANCHOR_END: long_client

// ANCHOR: hasty_server
/// Has seen enough after 16 bytes.
fn hasty_server(mut conn: TcpStream) -> io::Result<()> {
    conn.read_exact(&mut [0; 16])?;
    let n = conn.peek(&mut [0; 64])?;
    println!("server: 16 bytes read, {n} are here unread; I answer and close");
    conn.write_all(b"welcome")
} // `conn` ends here: close
// ANCHOR_END: hasty_server

// ANCHOR: patient_server
/// Has seen enough after 16 bytes, and closes so that the answer arrives.
fn patient_server(mut conn: TcpStream) -> io::Result<()> {
    conn.read_exact(&mut [0; 16])?;
    println!("server: 16 bytes read; I answer, end sending, and drain");
    conn.write_all(b"welcome")?;
    conn.shutdown(Shutdown::Write)?;
    let n = drain(&mut conn)?;
    println!("server: {n} bytes drained, now I close");
    Ok(())
}

/// Reads and throws away until the peer closes, within limits of both bytes
/// and time: a peer that goes on for ever must not hold us for ever.
fn drain(conn: &mut TcpStream) -> io::Result<usize> {
    let end = Instant::now() + Duration::from_secs(2);
    let mut buf = [0; 1024];
    let mut drained = 0;
    while drained < 64 * 1024 {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        conn.set_read_timeout(Some(left))?;
        match conn.read(&mut buf)? {
            0 => break,
            n => drained += n,
        }
    }
    Ok(drained)
}
// ANCHOR_END: patient_server
