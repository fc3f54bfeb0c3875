use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use work::Work;

use super::client::{Client, Next};

/// One thread's server: the same as with one thread alone.
pub struct Worker {
    listener: TcpListener,
    epoll: OwnedFd,
    clients: HashMap<u64, Client>,
    /// The key of the next client. No key is used twice.
    next_key: u64,
    /// What a client sends is read into here, and sent back from here.
    buf: Vec<u8>,
    /// What is computed for each read: nothing, without --work-us.
    work: Work,
    /// Nobody is accepted until then: there are no descriptors left.
    paused_until: Option<Instant>,
}

const LISTENER: u64 = 0;

/// How many are accepted at once: others have their turn between.
const ACCEPT_AT_ONCE: usize = 64;

/// A descriptor may become free in another thread, and nobody tells.
const PAUSE: Duration = Duration::from_millis(100);

impl Worker {
    pub fn new(listener: TcpListener, work: Work) -> anyhow::Result<Worker> {
        listener.set_nonblocking(true)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let key = EventData::new_u64(LISTENER);
        epoll::add(&epoll, &listener, key, EventFlags::IN)?;
        Ok(Worker {
            listener,
            epoll,
            clients: HashMap::new(),
            next_key: LISTENER + 1,
            buf: vec![0; 64 * 1024],
            work,
            paused_until: None,
        })
    }

    pub fn run(mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(256);
        loop {
            events.clear();
            let limit = self
                .paused_until
                .map(|until| until.saturating_duration_since(Instant::now()));
            let limit = limit.map(Timespec::try_from).transpose()?;
            let room = spare_capacity(&mut events);
            match epoll::wait(&self.epoll, room, limit.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
            for event in &events {
                match event.data.u64() {
                    LISTENER => self.accept()?,
                    key => self.serve(key)?,
                }
            }
            if self.paused_until.is_some_and(|t| t <= Instant::now()) {
                self.pause(false)?;
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        for _ in 0..ACCEPT_AT_ONCE {
            match self.listener.accept() {
                Ok((stream, peer)) => {
                    let key = EventData::new_u64(self.next_key);
                    let added = stream.set_nonblocking(true).and_then(|()| {
                        Ok(epoll::add(
                            &self.epoll,
                            &stream,
                            key,
                            EventFlags::IN,
                        )?)
                    });
                    if let Err(e) = added {
                        println!("{peer} could not be watched: {e}");
                        continue;
                    }
                    println!("{peer} came");
                    let client = Client::new(stream, peer);
                    self.clients.insert(self.next_key, client);
                    self.next_key += 1;
                }
                Err(e) => match e.kind() {
                    ErrorKind::WouldBlock => break,
                    // Whoever came has left before we could answer.
                    ErrorKind::Interrupted
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::ConnectionReset => {}
                    _ => {
                        println!("cannot accept for now: {e}");
                        return self.pause(true);
                    }
                },
            }
        }
        Ok(())
    }

    fn serve(&mut self, key: u64) -> io::Result<()> {
        let Some(client) = self.clients.get_mut(&key) else {
            return Ok(()); // closed by an earlier event of this round
        };
        let was_stuck = client.is_stuck();
        match client.turn(&mut self.buf, self.work) {
            Ok(Next::Wait) => {
                if client.is_stuck() == was_stuck {
                    return Ok(());
                }
                // Stuck: wait for room, and read no more until there is some.
                let interest =
                    if was_stuck { EventFlags::IN } else { EventFlags::OUT };
                let data = EventData::new_u64(key);
                epoll::modify(&self.epoll, &client.stream, data, interest)?;
                return Ok(());
            }
            Ok(Next::Close) => println!("{} left", client.peer),
            Err(e) => println!("{} is lost: {e}", client.peer),
        }
        epoll::delete(&self.epoll, &client.stream)?;
        self.clients.remove(&key); // dropped: this closes the socket
        if self.paused_until.is_some() { self.pause(false) } else { Ok(()) }
    }

    fn pause(&mut self, pause: bool) -> io::Result<()> {
        self.paused_until = pause.then(|| Instant::now() + PAUSE);
        let interest = if pause { EventFlags::empty() } else { EventFlags::IN };
        let key = EventData::new_u64(LISTENER);
        Ok(epoll::modify(&self.epoll, &self.listener, key, interest)?)
    }
}
