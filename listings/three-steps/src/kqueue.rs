use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::kqueue::{Event, EventFilter, EventFlags, kevent, kqueue};

use crate::KEY;

// ANCHOR: three_steps
pub fn three_steps(
    mut stream: TcpStream,
    mut peer: TcpStream,
) -> anyhow::Result<()> {
    println!("make");
    let queue = kqueue()?;

    println!("register, with the key {KEY}");
    let filter = EventFilter::Read(stream.as_raw_fd());
    let change = Event::new(filter, EventFlags::ADD, KEY as *mut _);
    let none: &mut [Event] = &mut [];
    // SAFETY: `stream` is open for longer than `queue`.
    unsafe { kevent(&queue, &[change], none, Some(Duration::ZERO))? };

    println!("the peer sends \"hello\"");
    peer.write_all(b"hello")?;

    println!("wait");
    let mut events = Vec::with_capacity(16);
    // SAFETY: no descriptor is registered here.
    unsafe { kevent(&queue, &[], spare_capacity(&mut events), None)? };
    for event in &events {
        let mut buf = [0; 16];
        let n = stream.read(&mut buf)?;
        let text = String::from_utf8_lossy(&buf[..n]);
        println!("key {} has brought {text:?}", event.udata() as usize);
    }
    Ok(())
}
// ANCHOR_END: three_steps
