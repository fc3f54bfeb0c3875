//! A socket is two streams, one each way. Each ends on its own; several
//! handles are still one socket; and both directions can run at once.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

fn main() -> anyhow::Result<()> {
    one_ends()?;
    two_handles()?;
    shutdown()?;
    both_at_once()
}

fn one_ends() -> anyhow::Result<()> {
    // ANCHOR: one_ends
    println!("-- one direction ends");
    let (mut alice, mut bob) = connection()?;
    println!("alice writes \"a question\", and ends her direction");
    alice.write_all(b"a question")?;
    alice.shutdown(Shutdown::Write)?;
    println!("bob reads {}", read(&mut bob)?);
    println!("bob reads {}", read(&mut bob)?);
    println!("bob writes \"an answer\"");
    bob.write_all(b"an answer")?;
    println!("alice reads {}", read(&mut alice)?);
    if let Err(e) = alice.write_all(b"one more question") {
        println!("alice cannot write any more: {e}");
    }
    // ANCHOR_END: one_ends
    Ok(())
}

fn two_handles() -> anyhow::Result<()> {
    // ANCHOR: two_handles
    println!("-- two handles, one socket");
    let (alice, mut bob) = connection()?;
    let mut second = alice.try_clone()?;
    println!("alice drops her first handle");
    drop(alice);
    println!("bob reads {}", read(&mut bob)?);
    println!("alice writes \"still here\" through the second");
    second.write_all(b"still here")?;
    println!("bob reads {}", read(&mut bob)?);
    println!("alice drops the second too");
    drop(second);
    println!("bob reads {}", read(&mut bob)?);
    // ANCHOR_END: two_handles
    Ok(())
}

fn shutdown() -> anyhow::Result<()> {
    // ANCHOR: shutdown
    println!("-- shutdown through one handle");
    let (mut alice, mut bob) = connection()?;
    let second = alice.try_clone()?;
    println!("alice calls shutdown through the second handle");
    second.shutdown(Shutdown::Write)?;
    println!("bob reads {}", read(&mut bob)?);
    if let Err(e) = alice.write_all(b"hello") {
        println!("alice cannot write through the first: {e}");
    }
    // ANCHOR_END: shutdown
    Ok(())
}

/// More than the buffers on the way hold.
const TOTAL: usize = 64 << 20;

fn both_at_once() -> anyhow::Result<()> {
    let (alice, bob) = connection()?;
    for stream in [&alice, &bob] {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    }
    // ANCHOR: both_at_once
    println!("-- one thread writes, another reads");
    let echo = thread::spawn(move || io::copy(&mut &bob, &mut &bob));
    let received = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            (&alice).write_all(&vec![b'x'; TOTAL])?;
            alice.shutdown(Shutdown::Write)
        });
        let received = io::copy(&mut &alice, &mut io::sink())?;
        writer.join().expect("the writer does not panic")?;
        io::Result::Ok(received)
    })?;
    println!("alice sent {TOTAL} bytes, and received {received}");
    // ANCHOR_END: both_at_once
    echo.join().expect("the echo does not panic")?;
    Ok(())
}

// ANCHOR: read
/// One read, in words. It waits for at most 200 ms.
fn read(stream: &mut TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut buf = [0; 64];
    match stream.read(&mut buf) {
        Ok(0) => Ok("0, the end".to_owned()),
        Ok(n) => Ok(format!("{:?}", String::from_utf8_lossy(&buf[..n]))),
        // Unix says WouldBlock, Windows TimedOut.
        Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(NOTHING.to_owned()),
        Err(e) if e.kind() == ErrorKind::TimedOut => Ok(NOTHING.to_owned()),
        Err(e) => Err(e),
    }
}
// ANCHOR_END: read

const NOTHING: &str = "nothing for 200 ms, and no end";

/// Two sockets, each the other's peer.
fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let alice = TcpStream::connect(listener.local_addr()?)?;
    let (bob, _) = listener.accept()?;
    Ok((alice, bob))
}
