use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

/// A server's end of a connection in an epoll, and the client's end.
struct Scene {
    epoll: OwnedFd,
    server: TcpStream,
    client: TcpStream,
}

pub fn main() -> anyhow::Result<()> {
    println!("-- level-triggered");
    let mut scene = Scene::new(EventFlags::IN)?;
    scene.client_sends("helloworld")?;
    for _ in 0..4 {
        scene.wait_and_read_once()?;
    }

    println!("-- edge-triggered");
    let mut scene = Scene::new(EventFlags::IN | EventFlags::ET)?;
    scene.client_sends("helloworld")?;
    for _ in 0..2 {
        scene.wait_and_read_once()?;
    }
    scene.client_sends("?")?;
    scene.wait_and_read_once()?;
    scene.wait_and_read_once()?;

    println!("-- edge-triggered, and read until it would block");
    let mut scene = Scene::new(EventFlags::IN | EventFlags::ET)?;
    scene.client_sends("helloworld")?;
    scene.wait_and_read_all()?;
    scene.client_sends("?")?;
    scene.wait_and_read_all()
}

impl Scene {
    fn new(interest: EventFlags) -> anyhow::Result<Scene> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let client = TcpStream::connect(listener.local_addr()?)?;
        client.set_nodelay(true)?;
        let (server, _) = listener.accept()?;
        server.set_nonblocking(true)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &server, EventData::new_u64(1), interest)?;
        Ok(Scene { epoll, server, client })
    }

    fn client_sends(&mut self, text: &str) -> anyhow::Result<()> {
        println!("client: sends {text:?}");
        Ok(self.client.write_all(text.as_bytes())?)
    }

    // ANCHOR: wait
    /// Whether epoll reports something, within a third of a second.
    fn is_reported(&self) -> anyhow::Result<bool> {
        let limit = Timespec { tv_sec: 0, tv_nsec: 300_000_000 };
        let mut events = Vec::with_capacity(8);
        let room = spare_capacity(&mut events);
        let n = epoll::wait(&self.epoll, room, Some(&limit))?;
        let what = if n == 0 { "nothing" } else { "readable" };
        println!("epoll: {what}");
        Ok(n > 0)
    }

    fn wait_and_read_once(&mut self) -> anyhow::Result<()> {
        if self.is_reported()? {
            let mut buf = [0; 4];
            let n = self.server.read(&mut buf)?;
            println!("server: reads {:?}", String::from_utf8_lossy(&buf[..n]));
        } else {
            let mut rest = [0; 64];
            let n = self.server.peek(&mut rest).unwrap_or(0);
            println!("server: sleeps, and {n} bytes wait");
        }
        Ok(())
    }
    // ANCHOR_END: wait

    // ANCHOR: all
    fn wait_and_read_all(&mut self) -> anyhow::Result<()> {
        self.is_reported()?;
        loop {
            let mut buf = [0; 4];
            match self.server.read(&mut buf) {
                Ok(0) => return Ok(()), // the end of the stream
                Ok(n) => {
                    let text = String::from_utf8_lossy(&buf[..n]);
                    println!("server: reads {text:?}");
                }
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    println!("server: nothing is left");
                    return Ok(());
                }
                Err(e) => return Err(e.into()),
            }
        }
    }
    // ANCHOR_END: all
}
