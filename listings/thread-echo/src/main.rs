//! Blocking, a thread for each client: each waits in its own read, and holds
//! up nobody. How many threads there are is up to the clients; where the
//! system gives no more, the client that came is refused, and nobody else
//! notices. With `--work-us 50` it computes for 50 µs before each answer.
use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use work::Work;

// ANCHOR: stack
/// For each thread, so many addresses; they become memory where they are
/// touched. The buffer is the largest thing that lies there.
const STACK: usize = 64 * 1024;
const BUFFER: usize = 16 * 1024;
// ANCHOR_END: stack

fn main() -> anyhow::Result<()> {
    let (work, mut args) = work::from_args(env::args().skip(1))?;
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_string());
    let listener = TcpListener::bind(&addr)
        .with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);

    // ANCHOR: accept_loop
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                println!("{peer} came");
                let thread = thread::Builder::new().stack_size(STACK);
                let serve = move || serve(stream, peer, work);
                if let Err(e) = thread.spawn(serve) {
                    println!("{peer} is refused: no thread for it: {e}");
                } // the closure is dropped, and the stream in it is closed
            }
            // Whoever came has left before we could answer.
            Err(e) if e.kind() == ErrorKind::ConnectionAborted => {}
            Err(e) => {
                println!("cannot accept for now: {e}");
                // No descriptor is free, perhaps: the caller stays in the
                // queue, and the next accept would fail at once.
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
    // ANCHOR_END: accept_loop
}

// ANCHOR: serve
fn serve(stream: TcpStream, peer: SocketAddr, work: Work) {
    match echo(&stream, work) {
        Ok(()) => println!("{peer} left"),
        Err(e) => println!("{peer} is lost: {e}"),
    }
}

/// Sends back all that comes, until the client says that it has ended.
fn echo(mut stream: &TcpStream, work: Work) -> io::Result<()> {
    let mut buf = [0; BUFFER];
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
// ANCHOR_END: serve
