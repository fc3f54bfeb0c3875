//! The echo server on Tokio: a task for each client, and one thread that runs
//! them all. Each task reads like a thread of its own; where a thread would
//! sleep, there stands `.await`.
use std::cell::RefCell;
use std::env;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::Notify;
use tokio::time::sleep;

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener = listen(&addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    raise_descriptors();

    let somebody_left = Arc::new(Notify::new());
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                println!("{peer} came");
                let somebody_left = Arc::clone(&somebody_left);
                tokio::spawn(async move {
                    serve(stream, peer).await;
                    somebody_left.notify_one();
                });
            }
            Err(e) if gone_again(&e) => {}
            Err(e) => {
                println!("cannot accept for now: {e}");
                tokio::select! {
                    () = somebody_left.notified() => {}
                    () = sleep(Duration::from_secs(1)) => {}
                }
            }
        }
    }
}
// ANCHOR_END: main

// ANCHOR: serve
async fn serve(mut stream: TcpStream, peer: SocketAddr) {
    match echo(&mut stream).await {
        Ok(()) => println!("{peer} left"),
        Err(e) => println!("{peer} is lost: {e}"),
    }
}

async fn echo(stream: &mut TcpStream) -> io::Result<()> {
    // A silent client's task sleeps in the first `.await`.
    while let Some(rest) = poll_fn(|cx| read_and_send(stream, cx)).await? {
        // If the buffers are full: wait for room, and read no more.
        stream.write_all(&rest).await?;
    }
    Ok(())
}
// ANCHOR_END: serve

// ANCHOR: buffer
thread_local! {
    /// For all clients of a thread: nothing stays in it across an `.await`.
    static BUF: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// When something has come: reads once, sends what the kernel takes at once,
/// and returns the rest; `None` at the end of the stream.
fn read_and_send(
    stream: &mut TcpStream,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Option<Vec<u8>>>> {
    BUF.with_borrow_mut(|buf| {
        let mut buf = ReadBuf::new(buf);
        ready!(Pin::new(&mut *stream).poll_read(cx, &mut buf))?;
        let bytes = buf.filled();
        if bytes.is_empty() {
            return Poll::Ready(Ok(None));
        }
        let sent = match stream.try_write(bytes) {
            Err(e) if not_now(&e) => 0,
            result => result?,
        };
        // An empty Vec allocates nothing.
        Poll::Ready(Ok(Some(bytes[sent..].to_vec())))
    })
}
// ANCHOR_END: buffer

async fn listen(addr: &str) -> io::Result<TcpListener> {
    let addr = lookup_host(addr).await?.next();
    let addr = addr.ok_or(ErrorKind::AddrNotAvailable)?;
    let socket = match addr {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // On Windows the option has another meaning: it would let others listen
    // on our port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(4096) // the backlog: Rust's std would ask for 128
}

fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// Only for `accept`: whoever came has left before we could answer.
fn gone_again(e: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset};
    matches!(e.kind(), ConnectionAborted | ConnectionReset)
}

/// Asks for as many descriptors as the system lets a process have.
fn raise_descriptors() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(e) = setrlimit(Resource::Nofile, limit) {
            println!("the limit of descriptors stays as it is: {e}");
        }
    }
}
