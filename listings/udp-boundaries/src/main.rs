//! What a datagram is: one send is one receive, whole or not at all.
use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::str;
use std::time::Duration;

use socket2::SockRef;

fn main() -> anyhow::Result<()> {
    let alice = UdpSocket::bind("127.0.0.1:0")?;
    let bob = UdpSocket::bind("127.0.0.1:0")?;
    let to_bob = bob.local_addr()?;
    // Even on one machine no datagram is promised: no wait without an end.
    bob.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut buf = [0; 1024];

    // ANCHOR: two_sends
    println!("-- two messages");
    for message in ["hello", "world"] {
        println!("alice sends {} bytes: {message:?}", message.len());
        alice.send_to(message.as_bytes(), to_bob)?;
    }
    for _ in 0..2 {
        let n = receive(&bob, &mut buf)?;
        println!("bob reads {n} bytes: {:?}", str::from_utf8(&buf[..n])?);
    }
    // ANCHOR_END: two_sends

    println!("-- nothing, and then something");
    println!("alice sends 0 bytes, then 5");
    alice.send_to(b"", to_bob)?;
    alice.send_to(b"hello", to_bob)?;
    println!("bob reads {} bytes", receive(&bob, &mut buf)?);
    println!("bob reads {} bytes", receive(&bob, &mut buf)?);

    // ANCHOR: too_small
    println!("-- a buffer that is too small");
    println!("alice sends 10 bytes: \"helloworld\", then 4: \"next\"");
    alice.send_to(b"helloworld", to_bob)?;
    alice.send_to(b"next", to_bob)?;
    let mut small = [0; 5];
    for _ in 0..2 {
        let n = receive(&bob, &mut small)?;
        println!("bob reads {n} bytes: {:?}", str::from_utf8(&small[..n])?);
    }
    // ANCHOR_END: too_small

    // ANCHOR: longest
    println!("-- the longest");
    if cfg!(target_os = "macos") {
        // There the send buffer is the limit: 9,216 bytes, if nobody asks.
        SockRef::from(&alice).set_send_buffer_size(65_536)?;
    }
    let mut large = vec![0; 65_535];
    for len in [65_507, 65_508] {
        println!("alice sends {len} bytes");
        match alice.send_to(&vec![b'x'; len], to_bob) {
            Ok(_) => println!("bob reads {}", receive(&bob, &mut large)?),
            Err(e) => println!("refused: {e}"),
        }
    }
    // ANCHOR_END: longest

    // ANCHOR: connected
    println!("-- a socket with one peer");
    bob.connect(alice.local_addr()?)?;
    let carol = UdpSocket::bind("127.0.0.1:0")?;
    println!("carol sends \"from carol\", then alice \"from alice\"");
    carol.send_to(b"from carol", to_bob)?;
    alice.send_to(b"from alice", to_bob)?;
    let n = receive(&bob, &mut buf)?;
    println!("bob reads {n} bytes: {:?}", str::from_utf8(&buf[..n])?);
    bob.set_read_timeout(Some(Duration::from_millis(100)))?;
    match receive(&bob, &mut buf) {
        Ok(n) => println!("bob reads {n} bytes more"),
        Err(e) if timed_out(&e) => println!("and nothing more comes"),
        Err(e) => return Err(e.into()),
    }
    // ANCHOR_END: connected
    Ok(())
}

// ANCHOR: receive
/// Takes the next datagram, or as much of it as `buf` holds.
fn receive(socket: &UdpSocket, buf: &mut [u8]) -> io::Result<usize> {
    /// Windows: the datagram was longer than the buffer, which is now full.
    const WSAEMSGSIZE: i32 = 10040;
    loop {
        match socket.recv(buf) {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e)
                if cfg!(windows) && e.raw_os_error() == Some(WSAEMSGSIZE) =>
            {
                return Ok(buf.len());
            }
            result => return result,
        }
    }
}
// ANCHOR_END: receive

/// Whether the read timeout has passed: WouldBlock on Unix, else TimedOut.
fn timed_out(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
