//! A pool with limits: `pool-limits [ADDR] [WORKERS] [SECONDS]`. As many
//! clients as there are workers may wait for one; who comes after them is told
//! so at once. A client loses its worker when nothing has moved for so many
//! seconds: it has sent nothing, or has not taken what was sent to it.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};

type Client = (TcpStream, SocketAddr);

fn main() -> anyhow::Result<()> {
    let mut args = env::args().skip(1);
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_string());
    let workers = number(args.next(), 4)?;
    let limit = Duration::from_secs(number(args.next(), 60)?.into());
    let listener = &TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    let (queue, waiting) = mpsc::sync_channel(workers.into());
    let waiting = &Mutex::new(waiting);
    thread::scope(move |scope| {
        for nth in 1..=workers {
            thread::Builder::new()
                .spawn_scoped(scope, move || work(waiting, limit))
                .with_context(|| format!("cannot start worker {nth}"))?;
        }
        accept(listener, &queue)
    })
}

fn number(arg: Option<String>, default: u16) -> anyhow::Result<u16> {
    let Some(arg) = arg else { return Ok(default) };
    let number = arg.parse().with_context(|| format!("no number: {arg}"))?;
    ensure!(number > 0, "0 workers or seconds would serve nobody");
    Ok(number)
}

// ANCHOR: accept
fn accept(listener: &TcpListener, queue: &SyncSender<Client>) -> ! {
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                println!("{peer} came");
                if let Err(TrySendError::Full((mut stream, _))) =
                    queue.try_send((stream, peer))
                {
                    println!("{peer} is refused: the queue is full");
                    let _ = stream.write_all(b"busy, come again later\n");
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
// ANCHOR_END: accept

// ANCHOR: work
fn work(waiting: &Mutex<Receiver<Client>>, limit: Duration) {
    loop {
        let next = waiting.lock().expect("recv does not panic").recv();
        let Ok((stream, peer)) = next else { return };
        println!("{peer} has a worker");
        match echo(&stream, limit) {
            Ok(()) => println!("{peer} left"),
            Err(e) => match e.kind() {
                // Unix and Windows differ in what they call it.
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    println!("{peer} is let go: nothing moved for {limit:?}");
                }
                _ => println!("{peer} is lost: {e}"),
            },
        }
    }
}

fn echo(mut stream: &TcpStream, limit: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    let mut buf = [0; 16 * 1024];
    loop {
        match stream.read(&mut buf) {
            Ok(0) => return Ok(()),
            Ok(n) => stream.write_all(&buf[..n])?,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
// ANCHOR_END: work
