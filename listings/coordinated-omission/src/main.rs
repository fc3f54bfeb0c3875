//! A server stalls once, for 200 ms. Two clients measure how long its answers
//! take: one asks again after each answer, one asks every millisecond.
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

const REQUESTS: u32 = 1000;
const STALL: Duration = Duration::from_millis(200);
/// An answer after more than this is late.
const LATE: Duration = Duration::from_millis(100);
const INTERVAL: Duration = Duration::from_millis(1);

fn main() -> anyhow::Result<()> {
    println!("-- each request follows an answer");
    report(measure(closed_loop)?);
    println!("-- each request is sent when it is due");
    report(measure(open_loop)?);
    println!("-- measured from when it was sent, not from when it was due");
    report(measure(too_kind)?);
    Ok(())
}

// ANCHOR: server
/// Echoes requests of one byte. Before it answers the 500th, it stalls.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut byte = [0];
    for number in 0..REQUESTS {
        stream.read_exact(&mut byte)?;
        if number == 500 {
            thread::sleep(STALL);
        }
        stream.write_all(&byte)?;
    }
    Ok(())
}
// ANCHOR_END: server

// ANCHOR: closed
fn closed_loop(mut stream: TcpStream) -> io::Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    for _ in 0..REQUESTS {
        let sent = Instant::now();
        stream.write_all(b"?")?;
        stream.read_exact(&mut [0])?;
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
}
// ANCHOR_END: closed

// ANCHOR: open
fn open_loop(stream: TcpStream) -> io::Result<Vec<Duration>> {
    let begin = Instant::now();
    let due = |number| begin + number * INTERVAL;
    thread::scope(|scope| {
        let sender = scope.spawn(|| {
            for number in 0..REQUESTS {
                let early =
                    due(number).saturating_duration_since(Instant::now());
                thread::sleep(early);
                (&stream).write_all(b"?")?;
            }
            io::Result::Ok(())
        });
        let mut latencies = Vec::new();
        for number in 0..REQUESTS {
            (&stream).read_exact(&mut [0])?;
            latencies.push(due(number).elapsed());
        }
        sender.join().expect("it does not panic")?;
        Ok(latencies)
    })
}
// ANCHOR_END: open

// ANCHOR: too_kind
/// Keeps to the times too, as well as it can: it cannot send while it waits.
fn too_kind(mut stream: TcpStream) -> io::Result<Vec<Duration>> {
    let begin = Instant::now();
    let mut latencies = Vec::new();
    for number in 0..REQUESTS {
        let due = begin + number * INTERVAL;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let sent = Instant::now();
        stream.write_all(b"?")?;
        stream.read_exact(&mut [0])?;
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
}
// ANCHOR_END: too_kind

fn measure(
    client: fn(TcpStream) -> io::Result<Vec<Duration>>,
) -> anyhow::Result<Vec<Duration>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let addr: SocketAddr = listener.local_addr()?;
    let stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    let (server, _) = listener.accept()?;
    server.set_nodelay(true)?;
    let server = thread::spawn(|| serve(server));
    let latencies = client(stream).context("the client")?;
    server.join().expect("it does not panic").context("the server")?;
    Ok(latencies)
}

fn report(mut latencies: Vec<Duration>) {
    latencies.sort();
    let nth = |part: f64| latencies[(part * f64::from(REQUESTS)) as usize - 1];
    println!("half of the answers took at most {:.1?}", nth(0.5));
    println!("99 of 100 took at most {:.1?}", nth(0.99));
    println!("the longest took {:.1?}", nth(1.0));
    let late = latencies.iter().filter(|&&it| it > LATE).count();
    let many = if late > 10 { "more" } else { "not more" };
    println!("over {LATE:?} took {many} than ten");
}
