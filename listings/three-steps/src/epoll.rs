use std::io::{Read, Write};
use std::net::TcpStream;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

use crate::KEY;

// ANCHOR: three_steps
pub fn three_steps(
    mut stream: TcpStream,
    mut peer: TcpStream,
) -> anyhow::Result<()> {
    println!("make: epoll_create1");
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;

    println!("register: epoll_ctl, the socket and the key {KEY}");
    let key = EventData::new_u64(KEY as u64);
    epoll::add(&epoll, &stream, key, EventFlags::IN)?;

    println!("  the peer: \"hello\"");
    peer.write_all(b"hello")?;

    println!("wait: epoll_wait");
    let mut events = Vec::with_capacity(16);
    epoll::wait(&epoll, spare_capacity(&mut events), None)?;
    for event in &events {
        println!("  key {} can be read", event.data.u64());
        let mut buf = [0; 16];
        let n = stream.read(&mut buf)?;
        println!("  read: {:?}", String::from_utf8_lossy(&buf[..n]));
    }
    Ok(())
}
// ANCHOR_END: three_steps
