use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::time::Duration;

use anyhow::{Context, ensure};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketFlags, SocketType, sockopt};

/// What is asked about. The kernel adds ERR, HUP and NVAL unasked.
const ASKED: PollFlags =
    PollFlags::IN.union(PollFlags::OUT).union(PollFlags::RDHUP);

/// No event of a loopback connection takes so long.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    talk(&listener)?;
    full(&listener)?;
    reset(&listener)?;
    let addr = listener.local_addr()?;
    drop(listener);
    refused(addr)?;
    not_open()
}

fn talk(listener: &TcpListener) -> anyhow::Result<()> {
    println!("-- a conversation");
    let (stream, mut peer) = pair(listener)?;
    // ANCHOR: talk
    say("connected", &stream, PollFlags::OUT)?;
    read(&stream);

    peer.write_all(b"hello")?;
    say("the peer has sent 5 bytes", &stream, PollFlags::IN)?;
    read(&stream);

    peer.shutdown(Shutdown::Write)?;
    say("the peer has ended sending", &stream, PollFlags::RDHUP)?;
    read(&stream);
    write(&stream);

    stream.shutdown(Shutdown::Write)?;
    say("so have we", &stream, PollFlags::HUP)?;
    read(&stream);
    write(&stream);
    // ANCHOR_END: talk
    Ok(())
}

fn full(listener: &TcpListener) -> anyhow::Result<()> {
    println!("-- no room");
    let (mut stream, mut peer) = pair(listener)?;
    let (out, a_while) = (PollFlags::OUT, Duration::from_millis(100));
    loop {
        while stream.write(&[b'x'; 4096]).is_ok() {}
        if !is_seen(&stream, out, a_while)? {
            break; // what was on its way has arrived, and there is no room
        }
    }
    say("the peer does not read", &stream, PollFlags::empty())?;
    write(&stream);

    while !is_seen(&stream, out, Duration::ZERO)? {
        let _may_be_empty = peer.read(&mut [0; 4096]);
    }
    say("it has read much of it", &stream, out)?;
    write(&stream);
    Ok(())
}

fn reset(listener: &TcpListener) -> anyhow::Result<()> {
    println!("-- a reset");
    let (stream, peer) = pair(listener)?;
    sockopt::set_socket_linger(&peer, Some(Duration::ZERO))?;
    drop(peer); // sends RST
    say("the peer has reset", &stream, PollFlags::ERR)?;
    read(&stream);
    say("the error has been told", &stream, PollFlags::HUP)?;
    read(&stream);
    write(&stream);
    Ok(())
}

fn refused(nobody: SocketAddr) -> anyhow::Result<()> {
    println!("-- nobody listens");
    let (tcp, flags) = (SocketType::STREAM, SocketFlags::NONBLOCK);
    let socket = net::socket_with(AddressFamily::INET, tcp, flags, None)?;
    let begun = net::connect(&socket, &nobody);
    ensure!(begun == Err(Errno::INPROGRESS), "connect says {begun:?}");
    let stream = TcpStream::from(socket);
    say("refused", &stream, PollFlags::ERR)?;
    println!("  SO_ERROR: {}", stream.take_error()?.context("no error")?);
    Ok(())
}

fn not_open() -> anyhow::Result<()> {
    println!("-- numbers that are no descriptors");
    let closed = TcpListener::bind("127.0.0.1:0")?.as_raw_fd(); // dropped
    let mut fds = [closed, -1].map(|fd| libc::pollfd {
        fd,
        events: ASKED.bits().cast_signed(),
        revents: 0,
    });
    // SAFETY: the array has 2 entries; a number that is not open is no harm.
    let ready = unsafe { libc::poll(fds.as_mut_ptr(), 2, 0) };
    println!("poll says {ready}");
    for (what, fd) in ["closed", "-1"].iter().zip(fds) {
        let flags = PollFlags::from_bits_retain(fd.revents.cast_unsigned());
        println!("{what}: {}", words(flags));
    }
    Ok(())
}

/// Two ends of a connection that do not wait, and have small buffers.
fn pair(listener: &TcpListener) -> anyhow::Result<(TcpStream, TcpStream)> {
    let peer = TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    for end in [&stream, &peer] {
        end.set_nonblocking(true)?;
        sockopt::set_socket_send_buffer_size(end, 16_384)?;
        sockopt::set_socket_recv_buffer_size(end, 16_384)?;
    }
    Ok((stream, peer))
}

/// Waits until `awaited` is seen, and says what else is.
fn say(
    what: &str,
    stream: &TcpStream,
    awaited: PollFlags,
) -> anyhow::Result<()> {
    ensure!(
        awaited.is_empty() || is_seen(stream, awaited, PATIENCE)?,
        "{what}: no {}",
        words(awaited)
    );
    println!("{what}: {}", words(ask(stream, ASKED, Duration::ZERO)?));
    Ok(())
}

fn is_seen(
    stream: &TcpStream,
    flag: PollFlags,
    limit: Duration,
) -> anyhow::Result<bool> {
    Ok(ask(stream, flag, limit)?.contains(flag))
}

fn ask(
    stream: &TcpStream,
    events: PollFlags,
    limit: Duration,
) -> anyhow::Result<PollFlags> {
    let mut fds = [PollFd::new(stream, events)];
    poll(&mut fds, Some(&Timespec::try_from(limit)?))?;
    Ok(fds[0].revents())
}

fn words(flags: PollFlags) -> String {
    let names = flags.iter_names().map(|(name, _)| name);
    let words = names.collect::<Vec<_>>().join(" ");
    if words.is_empty() { "nothing".to_string() } else { words }
}

fn read(mut stream: &TcpStream) {
    match stream.read(&mut [0; 64]) {
        Ok(n) => println!("  read: {n} bytes"),
        Err(e) => println!("  read: {e}"),
    }
}

fn write(mut stream: &TcpStream) {
    match stream.write(b"x") {
        Ok(n) => println!("  write: {n} byte"),
        Err(e) => println!("  write: {e}"),
    }
}
