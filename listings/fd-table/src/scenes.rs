use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use rustix::fs::OFlags;
use rustix::io::FdFlags;
use rustix::process::{Resource, Rlimit};

use crate::table::table;

pub fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("cannot make a folder")?;
    let path = folder.path().join("notes.txt");
    lowest(&path)?;
    shared(&path)?;
    flags()?;
    kept(&path)?;
    inherited(&path)?;
    limit()?;
    folder.close().context("cannot remove the folder")
}

fn lowest(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: lowest
    println!("-- the lowest free number");
    println!("at the start:       {}", table());
    let file = File::create(path)?;
    println!("open a file:        {}", table());
    let _listener = TcpListener::bind("127.0.0.1:0")?;
    println!("a listener:         {}", table());
    let (_reader, _writer) = io::pipe()?;
    println!("a pipe, both ends:  {}", table());
    drop(file);
    println!("drop the file:      {}", table());
    let _socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("a UDP socket:       {}", table());
    // ANCHOR_END: lowest
    Ok(())
}

fn shared(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: shared
    println!("-- what a clone shares");
    let mut a = File::create(path)?;
    let mut b = a.try_clone()?;
    let mut c = OpenOptions::new().write(true).open(path)?;
    println!("{}", table());
    a.write_all(b"aaaa")?;
    print!("a writes aaaa. ");
    positions(&mut a, &mut b, &mut c)?;
    b.write_all(b"bbbb")?;
    print!("b writes bbbb. ");
    positions(&mut a, &mut b, &mut c)?;
    c.write_all(b"cc")?;
    print!("c writes cc.   ");
    positions(&mut a, &mut b, &mut c)?;
    println!("the file: {:?}", fs::read_to_string(path)?);
    // ANCHOR_END: shared
    Ok(())
}

fn positions(a: &mut File, b: &mut File, c: &mut File) -> io::Result<()> {
    let [a, b, c] =
        [a.stream_position()?, b.stream_position()?, c.stream_position()?];
    println!("positions: a {a}, b {b}, c {c}");
    Ok(())
}

fn flags() -> anyhow::Result<()> {
    // ANCHOR: flags
    println!("-- two kinds of flags");
    let a = UdpSocket::bind("127.0.0.1:0")?;
    let b = a.try_clone()?;
    println!("a is made non-blocking, and loses close-on-exec");
    a.set_nonblocking(true)?;
    rustix::io::fcntl_setfd(&a, FdFlags::empty())?;
    for (name, socket) in [("a", &a), ("b", &b)] {
        let status = rustix::fs::fcntl_getfl(socket)?;
        let own = rustix::io::fcntl_getfd(socket)?;
        println!(
            "{name}: O_NONBLOCK {}, FD_CLOEXEC {}",
            status.contains(OFlags::NONBLOCK),
            own.contains(FdFlags::CLOEXEC)
        );
    }
    // ANCHOR_END: flags
    Ok(())
}

fn kept(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: kept
    println!("-- a number that is kept too long");
    let file = File::open(path)?;
    let kept = file.as_raw_fd(); // a copy of the number, no owner
    println!("kept = {kept}:           {}", table());
    drop(file);
    let _socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("kept = {kept}, later:    {}", table());
    // ANCHOR_END: kept
    Ok(())
}

fn inherited(path: &Path) -> anyhow::Result<()> {
    // ANCHOR: inherited
    println!("-- what a child inherits");
    let file = File::open(path)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("the parent:         {}", table());
    child()?;
    println!("the socket loses close-on-exec");
    rustix::io::fcntl_setfd(&socket, FdFlags::empty())?;
    child()?;
    // ANCHOR_END: inherited
    drop(file);
    Ok(())
}

// ANCHOR: child
fn child() -> anyhow::Result<()> {
    let program = env::current_exe().context("where is this program?")?;
    let status = Command::new(program).arg("child").status()?;
    anyhow::ensure!(status.success(), "the child failed: {status}");
    Ok(())
}
// ANCHOR_END: child

fn limit() -> anyhow::Result<()> {
    // ANCHOR: limit
    println!("-- no number left");
    let old = rustix::process::getrlimit(Resource::Nofile);
    let low = Rlimit { current: Some(8), maximum: old.maximum };
    rustix::process::setrlimit(Resource::Nofile, low)?;
    let mut sockets = Vec::new();
    let error = loop {
        match UdpSocket::bind("127.0.0.1:0") {
            Ok(socket) => sockets.push(socket),
            Err(e) => break e,
        }
    };
    println!("{} sockets, and then: {error}", sockets.len());
    println!("{}", table());
    drop(sockets);
    println!("{}", table());
    rustix::process::setrlimit(Resource::Nofile, old)?;
    // ANCHOR_END: limit
    Ok(())
}
