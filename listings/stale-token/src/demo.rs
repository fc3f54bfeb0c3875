use std::collections::HashMap;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, OwnedFd};

use anyhow::Context;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};

pub fn main() -> anyhow::Result<()> {
    println!("-- the token is the descriptor");
    let mut next = 0;
    one_batch(|stream| stream.as_raw_fd() as u64)?;
    println!("-- the token is a number that is used once");
    one_batch(|_| {
        next += 1;
        next
    })?;
    println!("-- closed here, and open elsewhere");
    clone_lives()
}

struct Client {
    name: &'static str,
    stream: TcpStream,
}

// ANCHOR: one_batch
/// A and B both speak, and are reported in one batch. While A is served, B is
/// put out, and C comes.
fn one_batch(mut token: impl FnMut(&TcpStream) -> u64) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    let mut clients = HashMap::new();
    let mut add = |name, clients: &mut HashMap<u64, Client>| {
        let (stream, _) = listener.accept()?;
        let token = token(&stream);
        let data = EventData::new_u64(token);
        epoll::add(&epoll, &stream, data, EventFlags::IN)?;
        clients.insert(token, Client { name, stream });
        anyhow::Ok(token)
    };
    let mut peers = Vec::new();
    for _ in ["A", "B", "C"] {
        peers.push(TcpStream::connect(listener.local_addr()?)?);
    }
    add("A", &mut clients)?;
    let b = add("B", &mut clients)?;
    for (peer, name) in peers.iter_mut().zip(["A", "B"]) {
        peer.write_all(name.as_bytes())?;
        arrived(&clients, name)?;
    }

    let events = wait(&epoll)?;
    println!("epoll: {} events", events.len());
    for event in &events {
        let token = event.data.u64();
        let Some(client) = clients.get(&token) else {
            println!("an event for nobody: passed over");
            continue;
        };
        println!("an event for {}", client.name);
        if client.name == "A" {
            clients.remove(&b);
            println!("server: has closed B");
            add("C", &mut clients)?;
            println!("server: has accepted C");
        }
    }
    Ok(())
}
// ANCHOR_END: one_batch

// ANCHOR: clone_lives
fn clone_lives() -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut peer = TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    let token = EventData::new_u64(1);
    epoll::add(&epoll, &stream, token, EventFlags::IN)?;

    let clone = stream.try_clone()?;
    drop(stream);
    println!("server: has closed its socket; a clone is open");
    peer.write_all(b"hello")?;
    for _ in 0..3 {
        println!("epoll: {} event", wait(&epoll)?.len());
    }
    match epoll::delete(&epoll, &clone) {
        Ok(()) => println!("delete, by the clone: done"),
        Err(e) => println!("delete, by the clone: {e}"),
    }
    drop(clone);
    println!("server: has closed the clone");
    println!("epoll: {} events", wait(&epoll)?.len());
    Ok(())
}
// ANCHOR_END: clone_lives

/// What is ready, at most a third of a second from now.
fn wait(epoll: &OwnedFd) -> anyhow::Result<Vec<Event>> {
    let limit = Timespec { tv_sec: 0, tv_nsec: 300_000_000 };
    let mut events = Vec::with_capacity(8);
    epoll::wait(epoll, spare_capacity(&mut events), Some(&limit))?;
    Ok(events)
}

/// Waits until a client's byte has come.
fn arrived(clients: &HashMap<u64, Client>, name: &str) -> anyhow::Result<()> {
    let client = clients.values().find(|client| client.name == name);
    client.context("it is there")?.stream.peek(&mut [0])?;
    Ok(())
}
