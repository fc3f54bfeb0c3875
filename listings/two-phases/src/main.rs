//! The two phases of reading from a socket: wait until the kernel has bytes,
//! then copy them. First apart, then both in one blocking read, and then with
//! reads that do not wait.
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// How long the peer thinks before it sends.
const PAUSE: Duration = Duration::from_millis(100);
const MESSAGE: [u8; 8192] = [b'x'; 8192];
/// No wait without a limit.
const PATIENCE: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
    let addr = listener.local_addr().context("has no address")?;
    let peer = TcpStream::connect(addr).context("cannot connect")?;
    let (mut stream, _) = listener.accept().context("cannot accept")?;
    stream.set_read_timeout(Some(PATIENCE))?;

    for scene in [apart, one_read, asking] {
        thread::scope(|scope| {
            let sent = scope.spawn(|| -> anyhow::Result<()> {
                thread::sleep(PAUSE);
                (&peer).write_all(&MESSAGE).context("cannot send")
            });
            scene(&mut stream)?;
            sent.join().expect("the peer does not panic")
        })?;
    }
    Ok(())
}

fn apart(stream: &mut TcpStream) -> anyhow::Result<()> {
    println!("-- one phase after the other");
    // ANCHOR: apart
    let mut buf = vec![0; 65_536];
    state(stream, 0)?;
    let start = Instant::now();
    // Waits as `read` does; takes nothing out.
    stream.peek(&mut [0]).context("nothing came")?;
    let wait = start.elapsed();
    println!("phase 1, the wait: {} ms", milliseconds(wait));
    state(stream, 0)?;
    let start = Instant::now();
    let n = stream.read(&mut buf).context("cannot read")?;
    let copy = start.elapsed();
    println!("phase 2, the copy: {} ms", milliseconds(copy));
    state(stream, n)?;
    // ANCHOR_END: apart
    let more = if wait > copy * 10 { "more" } else { "less" };
    println!("the wait: {more} than 10 times as long as the copy");
    Ok(())
}

/// Says where the bytes are.
fn state(stream: &TcpStream, ours: usize) -> anyhow::Result<()> {
    stream.set_nonblocking(true)?;
    let theirs = match stream.peek(&mut [0; 65_536]) {
        Ok(n) => n,
        Err(e) if e.kind() == ErrorKind::WouldBlock => 0,
        Err(e) => bail!("cannot look: {e}"),
    };
    stream.set_nonblocking(false)?;
    println!("in the kernel {theirs} bytes, in our buffer {ours}");
    Ok(())
}

fn one_read(stream: &mut TcpStream) -> anyhow::Result<()> {
    println!("-- both in one read");
    let mut buf = vec![0; 65_536];
    let start = Instant::now();
    let n = stream.read(&mut buf).context("cannot read")?;
    println!("read: {n} bytes, {} ms", milliseconds(start.elapsed()));
    Ok(())
}

fn asking(stream: &mut TcpStream) -> anyhow::Result<()> {
    println!("-- reads that do not wait");
    // ANCHOR: asking
    let mut buf = vec![0; 65_536];
    stream.set_nonblocking(true)?;
    let begin = Instant::now();
    let mut is_first = true;
    loop {
        let start = Instant::now();
        let outcome = stream.read(&mut buf);
        let took = milliseconds(start.elapsed());
        match outcome {
            Ok(n) => {
                let passed = milliseconds(start - begin);
                print!("the last read, after {passed} ms: ");
                println!("{n} bytes, {took} ms");
                break;
            }
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                if is_first {
                    println!("the first read: {:?}, {took} ms", e.kind());
                    is_first = false;
                }
            }
            Err(e) => return Err(e).context("cannot read"),
        }
        ensure!(begin.elapsed() < PATIENCE, "nothing came");
    }
    // ANCHOR_END: asking
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64() * 1e3)
}
