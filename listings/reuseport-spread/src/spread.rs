use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, ensure};
use socket2::{Domain, Socket, Type};

const LISTENERS: usize = 4;
const CLIENTS: usize = 400;

pub fn main() -> anyhow::Result<()> {
    println!("-- spread");
    spread()?;
    println!("-- one of them is busy");
    busy()?;
    println!("-- one of them is closed");
    closed()
}

/// Listeners that share one address.
fn group() -> anyhow::Result<Vec<TcpListener>> {
    let mut addr = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut group = Vec::new();
    for _ in 0..LISTENERS {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_reuse_port(true)?;
        socket.bind(&addr.into())?;
        socket.listen(CLIENTS as i32)?;
        let listener = TcpListener::from(socket);
        listener.set_nonblocking(true)?;
        addr = listener.local_addr()?; // the others take the same
        group.push(listener);
    }
    Ok(group)
}

/// Clients, by their own addresses, of which no two are the same.
fn clients(addr: SocketAddr) -> anyhow::Result<HashMap<SocketAddr, TcpStream>> {
    let mut clients = HashMap::new();
    for _ in 0..CLIENTS {
        let client = TcpStream::connect(addr)?;
        client.set_read_timeout(Some(Duration::from_secs(5)))?;
        clients.insert(client.local_addr()?, client);
    }
    Ok(clients)
}

/// All who wait in a listener's queue.
fn accept_all(
    listener: &TcpListener,
) -> anyhow::Result<Vec<(TcpStream, SocketAddr)>> {
    let mut accepted = Vec::new();
    loop {
        match listener.accept() {
            Ok(client) => accepted.push(client),
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(accepted),
            Err(e) => return Err(e.into()),
        }
    }
}

// ANCHOR: spread
fn spread() -> anyhow::Result<()> {
    let group = group()?;
    let _clients = clients(group[0].local_addr()?)?;
    let mut numbers = Vec::new();
    for listener in &group {
        numbers.push(accept_all(listener)?.len());
    }
    println!("clients: {CLIENTS}, listeners: {LISTENERS}");
    println!("in all queues together: {}", numbers.iter().sum::<usize>());
    let even = numbers.iter().all(|n| (50..150).contains(n));
    println!("each has between 50 and 150: {even}");
    Ok(())
}
// ANCHOR_END: spread

// ANCHOR: busy
fn busy() -> anyhow::Result<()> {
    let group = group()?;
    let mut clients = clients(group[0].local_addr()?)?;
    // The first is busy with something else; the others serve all they get.
    for listener in &group[1..] {
        for (mut stream, peer) in accept_all(listener)? {
            stream.write_all(b"hello")?;
            let mut client = clients.remove(&peer).context("who is it?")?;
            client.read_exact(&mut [0; 5])?;
        }
    }
    let waiting = clients.len();
    println!("three listeners have nothing more to do");
    println!("clients that wait for the first: {}", more_than(waiting, 50));
    for listener in &group[1..] {
        ensure!(accept_all(listener)?.is_empty(), "somebody has moved");
    }
    println!("of these, others may take: 0");
    Ok(())
}
// ANCHOR_END: busy

// ANCHOR: closed
fn closed() -> anyhow::Result<()> {
    let mut group = group()?;
    let mut clients = clients(group[0].local_addr()?)?;
    println!("close the first, with clients in its queue");
    drop(group.remove(0));
    for listener in &group {
        for (_, peer) in accept_all(listener)? {
            clients.remove(&peer);
        }
    }
    let waited = clients.len();
    println!("clients that were in it: {}", more_than(waited, 50));
    let mut reset = 0;
    for client in clients.values_mut() {
        match client.read(&mut [0]) {
            Err(e) if e.kind() == ErrorKind::ConnectionReset => reset += 1,
            other => ensure!(other.is_err(), "a client of nobody reads"),
        }
    }
    println!("all of these are reset: {}", reset == waited);
    let more = TcpStream::connect(group[0].local_addr()?).is_ok();
    println!("who comes now is connected: {more}");
    Ok(())
}
// ANCHOR_END: closed

/// The number is another in each run.
fn more_than(number: usize, limit: usize) -> String {
    let word = if number > limit { "more" } else { "not more" };
    format!("{word} than {limit}")
}
