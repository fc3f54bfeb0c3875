use std::io;
use std::net::UdpSocket;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::event::{FdSetElement, PollFd, PollFlags};
use rustix::event::{fd_set_insert, fd_set_num_elements, poll, select};
use rustix::net::{AddressFamily, SocketType, socket};
use rustix::process::{Resource, getrlimit, setrlimit};

/// The best of so many rounds counts, of so many calls each: what else the
/// machine does can only make one longer.
const ROUNDS: usize = 25;
const CALLS: u32 = 10;

/// No round begins after so long: a busy machine takes long for each.
const LIMIT: Duration = Duration::from_millis(200);

pub fn main() -> anyhow::Result<()> {
    raise_descriptors(10_100)?;
    let ready = UdpSocket::bind("127.0.0.1:0")?;
    ready.send_to(b"hello", ready.local_addr()?)?; // to itself
    let mut silent: Vec<OwnedFd> = Vec::new();
    let mut times = Vec::new();
    println!("one socket is ready, all others are silent");
    for number in [10, 100, 1000, 10_000] {
        while silent.len() < number - 1 {
            silent.push(socket(AddressFamily::INET, SocketType::DGRAM, None)?);
        }
        let last = ready.try_clone()?; // the highest descriptor
        let mut all: Vec<BorrowedFd> =
            silent.iter().map(OwnedFd::as_fd).collect();
        all.push(last.as_fd());
        let [select, poll, epoll] =
            [by_select(&all)?, by_poll(&all)?, by_epoll(&all)?];
        println!(
            "{number:>5} sockets: select {:.2} µs, poll {:.2} µs, \
             epoll {:.2} µs",
            microseconds(select),
            microseconds(poll),
            microseconds(epoll)
        );
        times.push([select, poll, epoll]);
    }
    for (nth, name) in ["select", "poll", "epoll"].iter().enumerate() {
        compare(name, times[0][nth], times[3][nth]);
    }
    Ok(())
}

// ANCHOR: calls
fn by_select(all: &[BorrowedFd]) -> io::Result<Duration> {
    let highest = all.iter().map(AsRawFd::as_raw_fd).max().unwrap_or(0);
    let words = fd_set_num_elements(all.len(), highest + 1);
    let mut question = vec![FdSetElement::default(); words];
    for fd in all {
        fd_set_insert(&mut question, fd.as_raw_fd());
    }
    let mut set = question.clone();
    best(|| {
        set.copy_from_slice(&question); // the last answer stands there
        let read = Some(&mut set[..]);
        // SAFETY: all sockets are open, and the set has room for the highest.
        unsafe { select(highest + 1, read, None, None, None) }?;
        Ok(())
    })
}

fn by_poll(all: &[BorrowedFd]) -> io::Result<Duration> {
    let mut fds: Vec<PollFd> =
        all.iter().map(|fd| PollFd::new(fd, PollFlags::IN)).collect();
    best(|| {
        poll(&mut fds, None)?;
        Ok(())
    })
}

fn by_epoll(all: &[BorrowedFd]) -> io::Result<Duration> {
    let epoll = epoll::create(CreateFlags::CLOEXEC)?;
    for (key, fd) in (0..).zip(all) {
        epoll::add(&epoll, fd, EventData::new_u64(key), EventFlags::IN)?;
    }
    let mut events = Vec::with_capacity(64);
    best(|| {
        events.clear();
        epoll::wait(&epoll, spare_capacity(&mut events), None)?;
        Ok(())
    })
}
// ANCHOR_END: calls

fn best(mut call: impl FnMut() -> io::Result<()>) -> io::Result<Duration> {
    let mut best = Duration::MAX;
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..CALLS {
            call()?;
        }
        best = best.min(start.elapsed() / CALLS);
        if begin.elapsed() > LIMIT {
            break;
        }
    }
    Ok(best)
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Says how the time has grown where the difference is beyond doubt: times
/// alone differ from run to run.
fn compare(name: &str, few: Duration, many: Duration) {
    let growth = if many > few * 50 {
        "more than 50 times as long"
    } else if many < few * 10 {
        "less than 10 times as long"
    } else {
        "longer, and less than 50 times as long"
    };
    println!("{name}: 1000 times as many sockets take {growth}");
}

fn raise_descriptors(enough: u64) -> anyhow::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < enough) {
        limit.current = Some(enough);
        setrlimit(Resource::Nofile, limit)
            .with_context(|| format!("cannot have {enough} descriptors"))?;
    }
    Ok(())
}
