//! How much the kernels take before a write must wait, when the peer does not
//! read: with the system's buffers, and with small ones.
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

/// When nothing more was taken for this long, the buffers are full.
const FULL: Duration = Duration::from_millis(300);

fn main() -> anyhow::Result<()> {
    for size in [None, Some(8192)] {
        match size {
            None => println!("-- the buffers of the system"),
            Some(n) => println!("-- buffers of {n} bytes"),
        }
        let (mut stream, _peer) = connect(size)?;
        let taken = fill(&mut stream)?;
        let than = if taken > 100_000 { "more" } else { "fewer" };
        println!("taken: {than} than 100000 bytes; the peer has read 0");
    }
    Ok(())
}

// ANCHOR: connect
/// The two ends of a connection, with buffers of this size: for sending at
/// the first end, for receiving at the second.
fn connect(size: Option<usize>) -> io::Result<(TcpStream, TcpStream)> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    if let Some(size) = size {
        // Before listen and connect: the SYNs say how windows are scaled.
        listener.set_recv_buffer_size(size)?;
        client.set_send_buffer_size(size)?;
    }
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(1)?;
    client.connect(&listener.local_addr()?)?;
    let (peer, _) = listener.accept()?; // has the listener's option
    Ok((client.into(), peer.into()))
}
// ANCHOR_END: connect

// ANCHOR: fill
/// Writes until nothing more is taken, and says how much was.
fn fill(stream: &mut TcpStream) -> io::Result<usize> {
    stream.set_nonblocking(true)?; // a write that must wait is an error
    let mut taken = 0;
    let mut last = Instant::now();
    while last.elapsed() < FULL {
        match stream.write(&[0; 1024]) {
            Ok(n) => {
                taken += n;
                last = Instant::now();
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            // The kernel may still be carrying bytes to the other end.
            Err(e) if e.kind() == ErrorKind::WouldBlock => thread::yield_now(),
            Err(e) => return Err(e),
        }
    }
    Ok(taken)
}
// ANCHOR_END: fill
