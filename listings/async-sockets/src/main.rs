//! A server and its clients in one thread, each written as if it were alone.
//! Then a read that is dropped half-way, and what becomes of its bytes.
mod dropped;
mod executor;
mod net;
mod reactor;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::executor::{Queue, run, spawn};
use crate::net::{TcpListener, TcpStream};
use crate::reactor::Reactor;

fn main() -> anyhow::Result<()> {
    let queue: Arc<Queue> = Arc::default();
    let reactor = Arc::new(Reactor::new()?);

    println!("-- one thread: a server and two clients");
    let listener = TcpListener::bind("127.0.0.1:0", &reactor)?;
    let addr = listener.local_addr()?;
    spawn(&queue, report(serve(listener, queue.clone())));
    spawn(&queue, report(two_clients(addr, reactor.clone())));
    run(&queue, &reactor)?;

    println!("-- a read that is dropped half-way");
    dropped::scene(false, &queue, &reactor)?;
    println!("-- the same, and its bytes are kept");
    dropped::scene(true, &queue, &reactor)?;
    Ok(())
}

/// A task has nobody to return an error to.
pub async fn report(task: impl Future<Output = io::Result<()>>) {
    if let Err(e) = task.await {
        println!("a task has failed: {e}");
    }
}

// ANCHOR: server
async fn serve(mut listener: TcpListener, queue: Arc<Queue>) -> io::Result<()> {
    for _ in 1..=2 {
        let stream = listener.accept().await?;
        println!("server: a client has come");
        spawn(&queue, report(echo(stream)));
    }
    Ok(())
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 64];
    loop {
        let n = stream.read(&mut buf).await?;
        if n == 0 {
            println!("server: a client has left");
            return Ok(());
        }
        println!("server: {:?}", String::from_utf8_lossy(&buf[..n]));
        stream.write_all(&buf[..n]).await?;
    }
}
// ANCHOR_END: server

// ANCHOR: clients
async fn two_clients(
    addr: SocketAddr,
    reactor: Arc<Reactor>,
) -> io::Result<()> {
    println!("A connects, and is silent");
    let mut a = TcpStream::connect(addr, &reactor)?;
    println!("B connects, and says hello");
    let mut b = TcpStream::connect(addr, &reactor)?;
    ask(&mut b, "hello from B").await?;
    println!("B has its reply, and leaves");
    leave(b).await?;
    ask(&mut a, "hello from A").await?;
    println!("A has its reply, and leaves");
    leave(a).await
}

async fn ask(stream: &mut TcpStream, question: &str) -> io::Result<()> {
    stream.write_all(question.as_bytes()).await?;
    stream.read_exact(&mut vec![0; question.len()]).await
}

/// Waits until the server has noticed.
async fn leave(mut stream: TcpStream) -> io::Result<()> {
    stream.end_sending()?;
    stream.read(&mut [0]).await?;
    Ok(())
}
// ANCHOR_END: clients
