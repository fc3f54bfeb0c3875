use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{PollFd, PollFlags, poll};

/// The demo ends here. A server would not.
const ENOUGH: usize = 10_000;

/// Both ends of two connections.
struct Scene {
    epoll: OwnedFd,
    /// The server's ends: 0 is that of the loud client, 1 of the quiet one.
    streams: Vec<TcpStream>,
    loud: TcpStream,
    _quiet: TcpStream,
    /// How often the server has read from the loud client.
    reads: usize,
}

const LOUD: usize = 0;

pub fn main() -> anyhow::Result<()> {
    println!("-- read until it would block");
    serve(|scene, client| scene.until_it_would_block(client))?;
    println!("-- at most 16 reads a turn");
    serve(|scene, client| scene.with_a_budget(client))
}

/// Both have spoken. Serves whoever is ready, until the quiet one has had a
/// turn.
fn serve(
    turn: impl Fn(&mut Scene, usize) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut scene = Scene::new()?;
    loop {
        let mut events = Vec::with_capacity(8);
        epoll::wait(&scene.epoll, spare_capacity(&mut events), None)?;
        for event in &events {
            let client = event.data.u64() as usize;
            if client != LOUD {
                println!("the quiet client has its turn");
                println!("reads from the loud one before: {}", scene.reads);
                return Ok(());
            }
            turn(&mut scene, client)?;
            if scene.reads == ENOUGH {
                println!("reads from the loud client: {ENOUGH}");
                println!("the quiet client still waits");
                return Ok(());
            }
        }
    }
}

impl Scene {
    fn new() -> anyhow::Result<Scene> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let mut streams = Vec::new();
        let mut clients = Vec::new();
        for key in 0..2 {
            let mut client = TcpStream::connect(listener.local_addr()?)?;
            let (stream, _) = listener.accept()?;
            let data = EventData::new_u64(key);
            epoll::add(&epoll, &stream, data, EventFlags::IN)?;
            client.write_all(&[0; 1024])?;
            stream.peek(&mut [0])?; // it has come
            stream.set_nonblocking(true)?;
            clients.push(client);
            streams.push(stream);
        }
        let [loud, _quiet] = clients.try_into().expect("there are two");
        Ok(Scene { epoll, streams, loud, _quiet, reads: 0 })
    }

    /// The loud client sends as much as is read, at once.
    fn read(&mut self, client: usize) -> std::io::Result<usize> {
        let n = self.streams[client].read(&mut [0; 1024])?;
        self.reads += 1;
        self.loud.write_all(&[0; 1024])?;
        let stream = &self.streams[LOUD];
        poll(&mut [PollFd::new(stream, PollFlags::IN)], None)?; // it has come
        Ok(n)
    }

    // ANCHOR: until
    fn until_it_would_block(&mut self, client: usize) -> anyhow::Result<()> {
        while self.reads < ENOUGH {
            match self.read(client) {
                Ok(_) => {} // send it back, and read on
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e.into()),
            }
        }
        Ok(())
    }
    // ANCHOR_END: until

    // ANCHOR: budget
    fn with_a_budget(&mut self, client: usize) -> anyhow::Result<()> {
        for _ in 0..16 {
            match self.read(client) {
                Ok(_) => {} // send it back, and read on
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(e) => return Err(e.into()),
            }
        }
        Ok(()) // there may be more: the next turn is another's
    }
    // ANCHOR_END: budget
}
