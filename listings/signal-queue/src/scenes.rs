use std::ffi::c_long;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anyhow::Context;
use libc::{POLLERR, POLLIN, POLLOUT, SIGIO, SIGUSR1};
use rustix::net::sockopt;
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::queue::{Queue, ring, send};

/// How long to wait for a signal that will come, and after it for one that
/// will not.
const PATIENCE: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_millis(200);

pub fn main() -> anyhow::Result<()> {
    let real_time = libc::SIGRTMIN();
    let queue = Queue::of(&[SIGUSR1, SIGIO, real_time])?;

    println!("-- which are queued");
    // ANCHOR: queued
    println!("SIGUSR1 is sent three times");
    for _ in 0..3 {
        send(SIGUSR1);
    }
    take(1, &queue, &[])?;
    println!("a real-time signal is sent three times, then SIGUSR1");
    for _ in 0..3 {
        send(real_time);
    }
    send(SIGUSR1);
    take(4, &queue, &[])?;
    // ANCHOR_END: queued

    println!("-- two sockets with the plain bell");
    let (mut a, mut friend_of_a) = UnixStream::pair()?;
    let (b, mut friend_of_b) = UnixStream::pair()?;
    let names = [(a.as_raw_fd(), "a"), (b.as_raw_fd(), "b")];
    ring(&a, 0)?;
    ring(&b, 0)?;
    println!("5 bytes come for a, and 5 for b");
    friend_of_a.write_all(b"hello")?;
    friend_of_b.write_all(b"hello")?;
    take(1, &queue, &names)?;

    println!("-- and with bells that say who it is");
    // ANCHOR: named
    ring(&a, real_time)?;
    ring(&b, real_time)?;
    println!("5 bytes come for a, three times, and 5 for b");
    for _ in 0..3 {
        friend_of_a.write_all(b"hello")?;
    }
    friend_of_b.write_all(b"hello")?;
    take(4, &queue, &names)?;
    println!("one read from a gives {} bytes", a.read(&mut [0; 64])?);
    // ANCHOR_END: named

    println!("-- TCP");
    tcp(&queue, real_time)?;

    println!("-- the queue is full");
    let mut limit = getrlimit(Resource::Sigpending);
    limit.current = Some(0);
    setrlimit(Resource::Sigpending, limit)?;
    println!("5 bytes come for a, and 5 for b");
    friend_of_a.write_all(b"hello")?;
    friend_of_b.write_all(b"hello")?;
    take(1, &queue, &names)?;
    Ok(())
}

fn tcp(queue: &Queue, real_time: i32) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    ring(&listener, real_time)?;
    println!("a client connects");
    let mut peer = TcpStream::connect(listener.local_addr()?)?;
    take(1, queue, &[(listener.as_raw_fd(), "listener")])?;

    let (stream, _) = listener.accept()?;
    ring(&stream, real_time)?;
    let names = [(stream.as_raw_fd(), "stream")];
    println!("it sends 5 bytes");
    peer.write_all(b"hello")?;
    take(1, queue, &names)?;
    println!("we send 5 bytes");
    (&stream).write_all(b"hello")?;
    take(0, queue, &names)?;
    println!("it ends sending");
    peer.shutdown(Shutdown::Write)?;
    take(2, queue, &names)?;
    println!("it resets");
    sockopt::set_socket_linger(&peer, Some(Duration::ZERO))?;
    drop(peer);
    take(1, queue, &names)?;
    Ok(())
}

/// Takes what is pending, and prints it: as many as are expected, and more if
/// there are more.
fn take(
    expected: u32,
    queue: &Queue,
    names: &[(RawFd, &str)],
) -> anyhow::Result<()> {
    let mut taken_so_far = 0;
    loop {
        let late = taken_so_far < expected;
        let limit = if late { PATIENCE } else { SILENCE };
        let Some(taken) = queue.take(limit)? else { break };
        taken_so_far += 1;
        let name = match taken.number {
            SIGUSR1 => "SIGUSR1",
            SIGIO => "SIGIO",
            _ => "a real-time signal",
        };
        match taken.socket {
            None => println!("  {name}"),
            Some((fd, band)) => {
                let who = names.iter().find(|(it, _)| *it == fd);
                let (_, who) = who.context("an unknown socket")?;
                println!("  {name}: {who}, {}", flags(band));
            }
        }
    }
    if taken_so_far == 0 {
        println!("  no signal");
    }
    Ok(())
}

fn flags(band: c_long) -> String {
    let all = [(POLLIN, "POLLIN"), (POLLOUT, "POLLOUT"), (POLLERR, "POLLERR")];
    let set = all.iter().filter(|(flag, _)| band & c_long::from(*flag) != 0);
    set.map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
}
