use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use anyhow::bail;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{EventfdFlags, eventfd};
use rustix::thread::gettid;

const THREADS: usize = 4;
const CLIENTS: usize = 12;

pub fn main() -> anyhow::Result<()> {
    println!("-- EPOLLIN");
    one_client(EventFlags::IN)?;
    println!("-- EPOLLIN and EPOLLEXCLUSIVE");
    one_client(EventFlags::IN | EventFlags::EXCLUSIVE)?;
    println!("-- EPOLLIN and EPOLLEXCLUSIVE, many clients");
    many_clients(EventFlags::IN | EventFlags::EXCLUSIVE)
}

/// A thread's own view: it waits at the listener, and for the end.
struct Waiter<'a> {
    number: usize,
    listener: &'a TcpListener,
    interest: EventFlags,
    /// Can be read when all is over.
    over: &'a OwnedFd,
    /// Tells who is about to sleep, and that somebody was woken.
    tell: Sender<Said>,
    /// Must say so before it accepts.
    accept: Receiver<()>,
}

enum Said {
    Sleeps { thread: i32 },
    Woken { number: usize },
}

const CLIENT: u64 = 0;
const OVER: u64 = 1;

impl Waiter<'_> {
    // ANCHOR: wait
    fn wait(self) -> anyhow::Result<()> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let (client, over) =
            (EventData::new_u64(CLIENT), EventData::new_u64(OVER));
        epoll::add(&epoll, self.listener, client, self.interest)?;
        epoll::add(&epoll, self.over, over, EventFlags::IN)?;
        let mut events = Vec::with_capacity(2);
        loop {
            let thread = gettid().as_raw_nonzero().get();
            self.tell.send(Said::Sleeps { thread })?;
            events.clear();
            epoll::wait(&epoll, spare_capacity(&mut events), None)?;
            if events.iter().any(|event| event.data.u64() == OVER) {
                return Ok(());
            }
            self.tell.send(Said::Woken { number: self.number })?;
            if self.accept.recv().is_err() {
                return Ok(()); // over
            }
            match self.listener.accept() {
                Ok(_) => {}
                // Another was quicker.
                Err(e) if e.kind() == ErrorKind::WouldBlock => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
    // ANCHOR_END: wait
}

/// Starts the threads, and calls `scene` when all of them sleep.
fn herd(
    interest: EventFlags,
    scene: impl FnOnce(
        &TcpListener,
        &Receiver<Said>,
        &[Sender<()>],
    ) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let over = eventfd(0, EventfdFlags::CLOEXEC)?;
    let (tell, told) = channel();
    thread::scope(|scope| {
        let (mut accept, mut threads) = (Vec::new(), Vec::new());
        for number in 0..THREADS {
            let (say, listen) = channel();
            accept.push(say);
            let (listener, over) = (&listener, &over);
            let (tell, accept) = (tell.clone(), listen);
            let waiter =
                Waiter { number, listener, interest, over, tell, accept };
            threads.push(scope.spawn(|| waiter.wait()));
        }
        let result = (0..THREADS)
            .try_for_each(|_| asleep(&told))
            .and_then(|()| scene(&listener, &told, &accept));
        rustix::io::write(&over, &1_u64.to_ne_bytes())?;
        drop(accept); // nobody waits for it any longer
        for thread in threads {
            thread.join().expect("it does not panic")?;
        }
        result
    })
}

// ANCHOR: one_client
fn one_client(interest: EventFlags) -> anyhow::Result<()> {
    herd(interest, |listener, told, _| {
        println!("{THREADS} threads sleep, a client comes");
        let _client = TcpStream::connect(listener.local_addr()?)?;
        // Nobody accepts, so the listener stays ready. Whoever is to be woken
        // has time for it.
        let mut woken = 0;
        while told.recv_timeout(Duration::from_secs(1)).is_ok() {
            woken += 1;
        }
        println!("threads that it wakes: {woken}");
        Ok(())
    })
}
// ANCHOR_END: one_client

// ANCHOR: many_clients
fn many_clients(interest: EventFlags) -> anyhow::Result<()> {
    herd(interest, |listener, told, accept| {
        let mut turns = [0; THREADS];
        for _ in 0..CLIENTS {
            let _client = TcpStream::connect(listener.local_addr()?)?;
            let Said::Woken { number } = told.recv()? else {
                bail!("a thread went to sleep twice");
            };
            turns[number] += 1;
            accept[number].send(())?;
            asleep(told)?; // the next client finds all of them asleep
        }
        turns.sort_unstable();
        println!("{CLIENTS} clients, one after another");
        println!("clients of the busiest thread: {}", turns[THREADS - 1]);
        Ok(())
    })
}
// ANCHOR_END: many_clients

/// Waits until the thread that is about to sleep does sleep: its state in
/// `/proc` is `S` (man 5 proc).
fn asleep(told: &Receiver<Said>) -> anyhow::Result<()> {
    let begin = Instant::now();
    let mut said = told.try_recv();
    while begin.elapsed() < Duration::from_secs(20) {
        let thread = match said {
            Ok(Said::Sleeps { thread }) => thread,
            Ok(_) => bail!("a thread was woken that should sleep"),
            // Not `recv`: to wake us, a thread would take a lock in `send`, and
            // if it had to wait for the lock its state would be `S` too soon.
            Err(TryRecvError::Empty) => {
                sleep(Duration::from_millis(1));
                said = told.try_recv();
                continue;
            }
            Err(e) => return Err(e.into()),
        };
        let stat = fs::read_to_string(format!("/proc/self/task/{thread}/stat"));
        let stat = stat.unwrap_or_default();
        let state = stat.rsplit_once(") ").map(|(_, state)| state);
        if state.is_some_and(|state| state.starts_with('S')) {
            return Ok(());
        }
        sleep(Duration::from_millis(1));
    }
    bail!("a thread does not go to sleep")
}
