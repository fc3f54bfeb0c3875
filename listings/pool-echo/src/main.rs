//! Blocking, with a pool: as many threads as the second argument says, and
//! never one more. Each accepts a client, serves it until it leaves, and
//! accepts the next. While all have one, whoever comes waits in the kernel's
//! queue, connected and not served, however long that takes. With
//! `--work-us 50` it computes for 50 µs before each answer.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, Builder};
use std::time::Duration;

use anyhow::{Context, ensure};
use work::Work;

fn main() -> anyhow::Result<()> {
    let (work, mut args) = work::from_args(env::args().skip(1))?;
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_string());
    let workers = args.next().unwrap_or("4".to_string());
    let number: usize = workers
        .parse()
        .with_context(|| format!("{workers} is no number of workers"))?;
    ensure!(number > 0, "0 workers would serve nobody");
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: pool
    thread::scope(|scope| {
        for nth in 2..=number {
            let worker = || serve_each(&listener, work);
            if let Err(e) = Builder::new().spawn_scoped(scope, worker) {
                println!("there is no worker {nth}: {e}");
                break;
            }
        }
        serve_each(&listener, work) // this thread is the first worker
    })
    // ANCHOR_END: pool
}

// ANCHOR: work
fn serve_each(listener: &TcpListener, work: Work) -> ! {
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                println!("{peer} came");
                match echo(&stream, work) {
                    Ok(()) => println!("{peer} left"),
                    Err(e) => println!("{peer} is lost: {e}"),
                }
            }
            // Whoever came has left before we could answer.
            Err(e) if e.kind() == ErrorKind::ConnectionAborted => {}
            Err(e) => {
                println!("cannot accept for now: {e}");
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}
// ANCHOR_END: work

/// Sends back all that comes, until the client says that it has ended.
fn echo(mut stream: &TcpStream, work: Work) -> io::Result<()> {
    let mut buf = [0; 16 * 1024];
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => {
                work.run(); // there is none, without --work-us
                stream.write_all(&buf[..n])?;
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
