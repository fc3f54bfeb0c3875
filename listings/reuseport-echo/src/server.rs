mod client;
mod worker;

use std::env;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::mpsc::channel;
use std::thread;

use anyhow::{Context, bail};
use rustix::process::{Resource, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};

use worker::Worker;

pub fn main() -> anyhow::Result<()> {
    let (work, mut args) = work::from_args(env::args().skip(1))?;
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_string());
    let threads = match args.next() {
        Some(number) => match number.parse() {
            Ok(threads @ 1..=256) => threads,
            _ => bail!("{number}: the number of threads is 1 to 256"),
        },
        None => thread::available_parallelism()?.get(),
    };
    raise_descriptors();
    let cannot = || format!("cannot listen on {addr}");
    let mut addrs = addr.to_socket_addrs().with_context(cannot)?;
    let addr = addrs.next().context("the name has no address")?;

    // ANCHOR: listeners
    let cannot = || format!("cannot listen on {addr}");
    // If the port is 0 the first listener gets one, and the others take that.
    let first = listen(addr).with_context(cannot)?;
    let addr = first.local_addr()?;
    let mut listeners = vec![first];
    while listeners.len() < threads {
        listeners.push(listen(addr).with_context(cannot)?);
    }
    println!("listening on {addr}");

    let (tell, ended) = channel();
    for listener in listeners {
        let tell = tell.clone();
        thread::spawn(move || {
            tell.send(Worker::new(listener, work).and_then(Worker::run))
        });
    }
    ended.recv()? // whichever is the first to end
    // ANCHOR_END: listeners
}

// ANCHOR: listen
fn listen(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?; // each of them must say so, before bind
    socket.bind(&addr.into())?;
    socket.listen(4096)?;
    Ok(socket.into())
}
// ANCHOR_END: listen

/// Each client takes a descriptor: ask for as many as the system allows.
fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(e) = setrlimit(Resource::Nofile, limit) {
        eprintln!("cannot have more descriptors: {e}");
    }
}
