use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use anyhow::Context;
use io_uring::types::Fd;
use io_uring::{IoUring, opcode, squeue};

// ANCHOR: types
struct Demo {
    ring: IoUring,
    connections: Vec<Connection>,
}

/// Both ends, and the buffer into which our end's bytes go. It is never freed:
/// where this program ends early, the kernel may still be about to fill it.
struct Connection {
    peer: TcpStream,
    stream: TcpStream,
    buf: &'static mut [u8; 16],
}

const COUNT: usize = 4;
// ANCHOR_END: types

pub fn main() -> anyhow::Result<()> {
    let ring = IoUring::new(COUNT as u32).context("cannot set up io_uring")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut connections = Vec::new();
    for _ in 0..COUNT {
        let peer = TcpStream::connect(listener.local_addr()?)?;
        let (stream, _) = listener.accept()?;
        let buf = Box::leak(Box::new([0; 16]));
        connections.push(Connection { peer, stream, buf });
    }
    let mut demo = Demo { ring, connections };
    demo.one()?;
    demo.two()?;
    demo.four()?;
    demo.cancelled()?;
    Ok(())
}

impl Demo {
    // ANCHOR: one
    fn one(&mut self) -> io::Result<()> {
        println!("-- one receive");
        self.receive(0);
        self.enter(0)?;
        self.completions();
        self.peer_sends(0, "hello")?;
        self.enter(1)?;
        self.completions();
        Ok(())
    }
    // ANCHOR_END: one

    // ANCHOR: receive
    /// Writes an entry into the submission queue: no system call.
    fn receive(&mut self, user_data: usize) {
        let Connection { stream, buf, .. } = &mut self.connections[user_data];
        let (fd, room) = (Fd(stream.as_raw_fd()), buf.as_mut_ptr());
        let entry = opcode::Recv::new(fd, room, buf.len() as u32).build();
        println!("submit: user_data {user_data}, receive into 16 bytes");
        // SAFETY: the buffer stays where it is, and nobody looks at it until
        // the completion of this receive has been fetched.
        unsafe { self.push(entry.user_data(user_data as u64)) };
    }
    // ANCHOR_END: receive

    /// # Safety
    ///
    /// The memory that the entry names must be valid until it has completed.
    unsafe fn push(&mut self, entry: squeue::Entry) {
        // SAFETY: as our caller has promised.
        let pushed = unsafe { self.ring.submission().push(&entry) };
        pushed.expect("there is room for four");
    }

    // ANCHOR: enter
    /// The only system call of the ring: hands over what has been submitted,
    /// and waits until `want` completions are there.
    fn enter(&mut self, want: usize) -> io::Result<()> {
        let taken = self.ring.submit_and_wait(want)?;
        println!("io_uring_enter: takes {taken}, waits for {want}");
        Ok(())
    }

    /// Takes what is in the completion queue: no system call.
    fn completions(&mut self) {
        let mut done: Vec<_> = self.ring.completion().collect();
        if done.is_empty() {
            println!("complete: nothing");
        }
        // They may come in any order.
        done.sort_by_key(|entry| entry.user_data());
        for entry in done {
            let (user_data, result) = (entry.user_data(), entry.result());
            print!("complete: user_data {user_data}, result {result}");
            match usize::try_from(result) {
                Ok(0) => println!(),
                Ok(n) => {
                    let buf = &self.connections[user_data as usize].buf;
                    println!(": {:?}", String::from_utf8_lossy(&buf[..n]));
                }
                Err(_) => {
                    println!(": {}", io::Error::from_raw_os_error(-result))
                }
            }
        }
    }
    // ANCHOR_END: enter

    fn two(&mut self) -> io::Result<()> {
        println!("-- two receives, and the second peer is quicker");
        self.receive(0);
        self.receive(1);
        self.enter(0)?;
        self.peer_sends(1, "quick")?;
        self.enter(1)?;
        self.completions();
        self.peer_sends(0, "slow")?;
        self.enter(1)?;
        self.completions();
        Ok(())
    }

    fn four(&mut self) -> io::Result<()> {
        println!("-- four receives, one system call");
        for user_data in 0..COUNT {
            self.peer_sends(user_data, &format!("I am {user_data}"))?;
        }
        for user_data in 0..COUNT {
            self.receive(user_data);
        }
        self.enter(COUNT)?;
        self.completions();
        Ok(())
    }

    // ANCHOR: cancelled
    fn cancelled(&mut self) -> io::Result<()> {
        println!("-- a receive that is cancelled");
        self.receive(0);
        self.enter(0)?;
        println!("submit: user_data 9, cancel user_data 0");
        let entry = opcode::AsyncCancel::new(0).build().user_data(9);
        // SAFETY: it names no memory.
        unsafe { self.push(entry) };
        self.enter(2)?;
        self.completions();
        Ok(())
    }
    // ANCHOR_END: cancelled

    fn peer_sends(&mut self, user_data: usize, text: &str) -> io::Result<()> {
        println!("the peer of user_data {user_data} sends {text:?}");
        self.connections[user_data].peer.write_all(text.as_bytes())
    }
}
