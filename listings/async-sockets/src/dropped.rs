//! Messages of 8 bytes each, and a client that pauses in the middle of one. The
//! server loses patience, drops its read, and reads again.
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::executor::{Queue, run, spawn};
use crate::net::{TcpListener, TcpStream};
use crate::reactor::Reactor;
use crate::report;

pub fn scene(
    keep: bool,
    queue: &Arc<Queue>,
    reactor: &Arc<Reactor>,
) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0", reactor)?;
    let addr = listener.local_addr()?;
    spawn(queue, report(server(listener, keep, reactor.clone())));
    spawn(queue, report(client(addr, reactor.clone())));
    run(queue, reactor)
}

async fn client(addr: SocketAddr, reactor: Arc<Reactor>) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr, &reactor)?;
    println!("client: half of a message: tomo");
    stream.write_all(b"tomo").await?;
    stream.read(&mut [0]).await?; // the server asks for the rest
    println!("client: the rest, and another message: rrowsunlight");
    stream.write_all(b"rrowsunlight").await
}

// ANCHOR: server
async fn server(
    mut listener: TcpListener,
    keep: bool,
    reactor: Arc<Reactor>,
) -> io::Result<()> {
    let mut stream = listener.accept().await?;
    stream.peek().await?; // something has come

    let mut kept = keep.then(Message::default);
    let read = next(&mut stream, kept.as_mut());
    let limit = Duration::from_millis(50);
    if timeout(read, limit, &reactor).await.is_none() {
        println!("server: 50 ms have passed: the read is dropped");
    }
    stream.write_all(b"?").await?;
    for _ in 1..=2 {
        match next(&mut stream, kept.as_mut()).await {
            Ok(message) => println!("server: a message: {message}"),
            Err(e) => println!("server: no message: {e}"),
        }
    }
    Ok(())
}

async fn next(
    stream: &mut TcpStream,
    kept: Option<&mut Message>,
) -> io::Result<String> {
    match kept {
        Some(message) => message.read(stream).await,
        None => Message::default().read(stream).await,
    }
}
// ANCHOR_END: server

// ANCHOR: message
#[derive(Default)]
struct Message {
    bytes: [u8; 8],
    filled: usize,
}

impl Message {
    /// Goes on where the last read was dropped.
    async fn read(&mut self, stream: &mut TcpStream) -> io::Result<String> {
        while self.filled < self.bytes.len() {
            let rest = &mut self.bytes[self.filled..];
            match stream.read(rest).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                n => self.filled += n,
            }
        }
        self.filled = 0;
        Ok(String::from_utf8_lossy(&self.bytes).into_owned())
    }
}
// ANCHOR_END: message

// ANCHOR: timeout
/// `None`: the future was not ready in time, and is dropped.
async fn timeout<F: Future>(
    future: F,
    limit: Duration,
    reactor: &Reactor,
) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut sleep = pin!(reactor.sleep(limit));
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        sleep.as_mut().poll(cx).map(|()| None)
    })
    .await
}
// ANCHOR_END: timeout
