//! A chat server. What one client says, all get, in the same order. Nobody is
//! held up by somebody else: who does not read is put out. Ctrl-C ends it in
//! good order, a second Ctrl-C at once.
mod lines;
mod room;
mod server;
mod session;
mod text;

use std::env;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;

use crate::server::Server;

// ANCHOR: main
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let idle = env::args().nth(2).unwrap_or("300".to_string());
    let seconds = idle
        .parse()
        .ok()
        .filter(|seconds| *seconds > 0)
        .with_context(|| format!("{idle} is no number of seconds"))?;
    let listener = TcpListener::bind(&addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    // From now on Ctrl-C does not end the program: it is an event.
    let interrupts = server::interrupts()?;
    println!("listening on {}", listener.local_addr()?);
    Server::new(Duration::from_secs(seconds)).run(listener, interrupts).await;
    Ok(())
}
// ANCHOR_END: main
