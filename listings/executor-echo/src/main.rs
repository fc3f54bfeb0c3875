//! The echo server as tasks, on a reactor and an executor of our own: one
//! thread, and a task for each client.
mod executor;
mod net;
mod reactor;

use std::cell::RefCell;
use std::env;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::executor::Executor;
use crate::net::{TcpListener, TcpStream, not_now};

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    raise_descriptors();
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let executor = Executor::new()?;
    let listener = TcpListener::bind(&addr, &executor.reactor)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    executor.spawn(serve(listener, executor.clone()));
    executor.run()?;
    Ok(())
}

async fn serve(mut listener: TcpListener, executor: Arc<Executor>) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                println!("{peer} came");
                executor.spawn(serve_client(stream, peer));
            }
            Err(e) if gone_again(&e) => {}
            Err(e) => {
                println!("cannot accept for now: {e}");
                executor.reactor.sleep(Duration::from_secs(1)).await;
            }
        }
    }
}
// ANCHOR_END: main

// ANCHOR: client
async fn serve_client(mut stream: TcpStream, peer: SocketAddr) {
    match echo(&mut stream).await {
        Ok(()) => println!("{peer} left"),
        Err(e) => println!("{peer} is lost: {e}"),
    }
}

async fn echo(stream: &mut TcpStream) -> io::Result<()> {
    loop {
        stream.readable().await?; // a silent client's task sleeps here
        match read_and_send(stream) {
            Ok(Some(rest)) => stream.write_all(&rest).await?,
            Ok(None) => return Ok(()),
            Err(e) if not_now(&e) => {}
            Err(e) => return Err(e),
        }
    }
}
// ANCHOR_END: client

// ANCHOR: buffer
thread_local! {
    /// For all tasks. Nobody can keep it across an `.await`.
    static BUF: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Reads once, without waiting, and sends what the kernel takes at once.
/// Returns the rest; `None` at the end of the stream.
fn read_and_send(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    BUF.with_borrow_mut(|buf| {
        let n = stream.try_read(buf)?;
        if n == 0 {
            return Ok(None);
        }
        let sent = match stream.try_write(&buf[..n]) {
            Ok(sent) => sent,
            Err(e) if not_now(&e) => 0,
            Err(e) => return Err(e),
        };
        Ok(Some(buf[sent..n].to_vec())) // an empty Vec allocates nothing
    })
}
// ANCHOR_END: buffer

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
