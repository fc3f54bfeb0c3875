//! Two listeners: one whose queue has room, one whose queue is full.
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use socket2::{Domain, Socket, Type};

/// As long as this a client may wait here, at most.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

pub fn main() -> anyhow::Result<()> {
    before_accept()?;
    full_queue()
}

// ANCHOR: listen
/// A listener on a free port. std has no way to choose the backlog.
fn listen(backlog: i32) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    socket.bind(&any_port.into())?;
    socket.listen(backlog)?;
    let listener = TcpListener::from(socket);
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}
// ANCHOR_END: listen

fn before_accept() -> anyhow::Result<()> {
    println!("-- before accept");
    let (listener, addr) = listen(10)?;
    // ANCHOR: before_accept
    let mut client = TcpStream::connect(addr)?;
    println!("client: connected");
    client.write_all(b"hello")?;
    println!("client: has sent 5 bytes, and closes");
    drop(client);

    println!("server: calls accept for the first time");
    let (mut stream, _) = listener.accept()?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    println!("server: read {text:?}, then the end");
    // ANCHOR_END: before_accept
    Ok(())
}

fn full_queue() -> anyhow::Result<()> {
    println!("-- the queue is full");
    // ANCHOR: fill
    let (listener, addr) = listen(2)?;
    let (tell, told) = mpsc::channel();
    let mut connected = Vec::new();
    let start = Instant::now();
    for number in 1..=4 {
        let tell = tell.clone();
        thread::spawn(move || {
            tell.send(TcpStream::connect_timeout(&addr, PATIENCE))
        });
        match told.recv_timeout(SHORT) {
            Ok(stream) => {
                connected.push(stream?);
                println!("client {number}: connected");
            }
            Err(_) => {
                println!("client {number}: still waiting after {SHORT:?}")
            }
        }
    }
    // ANCHOR_END: fill

    // ANCHOR: give_up
    let gave_up = TcpStream::connect_timeout(&addr, SHORT).err();
    let error = gave_up.context("client 5 was connected")?;
    println!("client 5: gives up: {error}");
    // ANCHOR_END: give_up

    // ANCHOR: accept
    let first = connected.first().context("nobody was connected")?;
    let (_stream, peer) = listener.accept()?;
    ensure!(peer == first.local_addr()?, "somebody else was accepted");
    println!("server: accepts client 1, after {:.1?}", start.elapsed());
    let _fourth = told.recv_timeout(PATIENCE)??;
    println!("client 4: connected, after {:.1?}", start.elapsed());
    // ANCHOR_END: accept
    Ok(())
}
