//! Who calls the waker when a socket is ready? The reactor: it keeps the
//! wakers of all who wait, and sleeps in the selector for all of them.
mod executor;
mod reactor;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::executor::{Queue, run, spawn};
use crate::reactor::{Reactor, Source};

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = TcpStream::connect(listener.local_addr()?)?;
    let (theirs, _) = listener.accept()?;

    let queue: Arc<Queue> = Arc::default();
    let reactor = Arc::new(Reactor::new()?);
    let source = Source::new(theirs, 1, reactor.clone())?;
    spawn(&queue, "reader", reader(source));
    spawn(&queue, "writer", writer(ours, reactor.clone()));
    run(&queue, &reactor)
}

// ANCHOR: tasks
async fn reader(source: Source) {
    match read(&source, &mut [0; 64]).await {
        Ok(n) => println!("  read {n} bytes"),
        Err(e) => println!("  the connection is lost: {e}"),
    }
}

async fn read(source: &Source, buf: &mut [u8]) -> io::Result<usize> {
    loop {
        match (&source.stream).read(buf) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                println!("  nothing to read; asks the reactor");
                source.readable().await?;
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

async fn writer(mut stream: TcpStream, reactor: Arc<Reactor>) {
    println!("  asks the reactor for a pause of 50 ms");
    reactor.sleep(Duration::from_millis(50)).await;
    println!("  writes 5 bytes");
    if let Err(e) = stream.write_all(b"hello") {
        println!("  the connection is lost: {e}");
    }
}
// ANCHOR_END: tasks
