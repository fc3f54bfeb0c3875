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
    println!("make");
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;

    println!("register, with the key {KEY}");
    let key = EventData::new_u64(KEY as u64);
    epoll::add(&epoll, &stream, key, EventFlags::IN)?;

    println!("the peer sends \"hello\"");
    peer.write_all(b"hello")?;

    println!("wait");
    let mut events = Vec::with_capacity(16);
    epoll::wait(&epoll, spare_capacity(&mut events), None)?;
    for event in &events {
        let mut buf = [0; 16];
        let n = stream.read(&mut buf)?;
        let text = String::from_utf8_lossy(&buf[..n]);
        println!("key {} has brought {text:?}", event.data.u64());
    }
    Ok(())
}
// ANCHOR_END: three_steps
