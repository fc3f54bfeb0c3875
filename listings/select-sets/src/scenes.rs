use std::io::{self, Read, Write};
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::os::unix::net::UnixStream;

use anyhow::{Context, ensure};
use rustix::event::{FdSetElement, FdSetIter, Timespec, fd_set_insert, select};
use rustix::io::{close, fcntl_dupfd_cloexec, fcntl_getfd};
use rustix::process::{Resource, getrlimit, setrlimit};

/// How many bits C's `fd_set` has.
const FD_SETSIZE: usize = 1024;
const BITS: usize = 8 * size_of::<FdSetElement>();
type Set = [FdSetElement; FD_SETSIZE / BITS];

/// The descriptors that are shown.
const SHOWN: Range<RawFd> = 70..74;

pub fn main() -> anyhow::Result<()> {
    close_inherited();
    // ANCHOR: sockets
    let (mut a, mut friend_of_a) = pair_at(70)?;
    let (mut b, mut friend_of_b) = pair_at(71)?;
    let (_c, friend_of_c) = pair_at(72)?;
    let (_d, mut friend_of_d) = pair_at(73)?;
    friend_of_b.write_all(b"hello")?;
    drop(friend_of_c); // the end of the stream
    friend_of_d.write_all(b"hello")?;
    // ANCHOR_END: sockets

    println!("-- the answer is written over the question");
    println!("descriptor  70 71 72 73");
    let mut set = set_of(70..73);
    ask(&mut set, 73)?;

    println!("-- and is no good as the next question");
    println!("bytes come for 70");
    friend_of_a.write_all(b"hello")?;
    ask(&mut set, 73)?;
    println!("filled anew:");
    let mut set = set_of(70..73);
    ask(&mut set, 73)?;

    println!("-- nfds is one more than the highest");
    let mut set = set_of(70..73);
    println!("with nfds 72:");
    ask(&mut set, 72)?;

    println!("-- nothing is ready");
    for socket in [&mut a, &mut b] {
        socket.read_exact(&mut [0; 5])?;
    }
    let mut set = set_of(70..72);
    ask(&mut set, 72)?;

    println!("-- where a set ends");
    println!("the set has the bytes 0 to {}", size_of::<Set>() - 1);
    for fd in [0, 70, 1023, 1024] {
        println!("descriptor {fd} is bit {} of byte {}", fd % 8, fd / 8);
    }

    println!("-- a longer set of our own");
    // ANCHOR: longer
    raise_descriptors(1100)?;
    let (_far, mut friend) = pair_at(1024)?;
    friend.write_all(b"hello")?;
    let mut longer = [FdSetElement::default(); 2048 / BITS];
    fd_set_insert(&mut longer, 1024);
    let ready = select_now(&mut longer, 1025)?;
    let fds: Vec<RawFd> = FdSetIter::new(&longer).collect();
    println!("select says {ready}, and leaves {fds:?}");
    // ANCHOR_END: longer
    Ok(())
}

/// Frees the numbers that are shown: whoever has started this program may have
/// left descriptors open in it.
fn close_inherited() {
    for fd in 3..=1024 {
        // SAFETY: this program has opened nothing yet, and uses none of them.
        unsafe {
            if fcntl_getfd(BorrowedFd::borrow_raw(fd)).is_ok() {
                close(fd);
            }
        }
    }
}

/// Two connected sockets, the first of them with that number.
fn pair_at(fd: RawFd) -> anyhow::Result<(UnixStream, UnixStream)> {
    let (socket, friend) = UnixStream::pair()?;
    // The lowest number that is free, from `fd` on.
    let moved = fcntl_dupfd_cloexec(&socket, fd)
        .with_context(|| format!("cannot have the descriptor {fd}"))?;
    let socket = UnixStream::from(moved);
    ensure!(socket.as_raw_fd() == fd, "the descriptor {fd} is taken");
    Ok((socket, friend))
}

// ANCHOR: ask
fn set_of(fds: Range<RawFd>) -> Set {
    let mut set = Set::default();
    for fd in fds {
        fd_set_insert(&mut set, fd);
    }
    set
}

/// Which of them can be read from, now?
fn ask(set: &mut Set, nfds: RawFd) -> io::Result<()> {
    println!("before     {}", row(set));
    let ready = select_now(set, nfds)?;
    println!("after      {}   select says {ready}", row(set));
    Ok(())
}

fn row(set: &Set) -> String {
    let bit = |fd| FdSetIter::new(set).any(|it| it == fd);
    SHOWN.map(|fd| if bit(fd) { "  1" } else { "  0" }).collect()
}

fn select_now(set: &mut [FdSetElement], nfds: RawFd) -> io::Result<i32> {
    let no_wait = Timespec::default();
    // SAFETY: every number in the set is that of an open socket, and the set
    // has `nfds` bits or more.
    let ready = unsafe { select(nfds, Some(set), None, None, Some(&no_wait)) };
    Ok(ready?)
}
// ANCHOR_END: ask

fn raise_descriptors(enough: u64) -> anyhow::Result<()> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < enough) {
        limit.current = Some(enough);
        setrlimit(Resource::Nofile, limit)
            .with_context(|| format!("cannot have {enough} descriptors"))?;
    }
    Ok(())
}
