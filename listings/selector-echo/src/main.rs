//! Program 5 of the notes, mended: one thread, many clients, on every system.
//! A selector says which sockets are ready; beside each socket stands the
//! function to call then.
mod server;

use std::env;
use std::net::{TcpListener, ToSocketAddrs};

use anyhow::Context;
use socket2::{Domain, Socket, Type};

fn main() -> anyhow::Result<()> {
    #[cfg(unix)]
    raise_descriptors();
    let addr = env::args().nth(1).unwrap_or("127.0.0.1:8989".to_string());
    let listener =
        listen(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    println!("listening on {}", listener.local_addr()?);
    server::run(listener)
}

fn listen(addr: &str) -> anyhow::Result<TcpListener> {
    let addr = addr.to_socket_addrs()?.next().context("it has no address")?;
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    #[cfg(unix)] // on Windows it means something else
    socket.set_reuse_address(true)?;
    socket.bind(&addr.into())?;
    socket.listen(4096)?; // std asks for 128
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Each client takes a descriptor: ask for more, if the system permits.
#[cfg(unix)]
fn raise_descriptors() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    const ENOUGH: u64 = 10_240; // macOS refuses more: OPEN_MAX
    let mut limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
    if limit.current.is_some_and(|current| current < most) {
        limit.current = Some(most);
        if let Err(e) = setrlimit(Resource::Nofile, limit) {
            eprintln!("the limit of descriptors stays what it is: {e}");
        }
    }
}
