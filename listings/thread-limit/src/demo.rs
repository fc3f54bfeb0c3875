use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, Builder};

use anyhow::{Context, ensure};
use rustix::process::{Resource, getrlimit, setrlimit};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

pub fn main() -> anyhow::Result<()> {
    panic::set_hook(Box::new(|_| {})); // it is told below

    println!("-- thread::spawn");
    let (listener, addr) = listen()?;
    let server = thread::spawn(move || as_often_seen(&listener));
    // They stay to the end, so that no later thread is given their stacks.
    let _silent = silent_clients(addr)?;
    expect(addr, false)?;
    let panic = server.join().err().context("the server has not panicked")?;
    let what = panic.downcast_ref::<String>().context("and says nothing")?;
    let (what, why) = what.split_once(": ").context("and not why")?;
    println!("server: a panic: {what}:\n{why}");
    let after = TcpStream::connect(addr).err();
    println!("the client after it: {}", after.context("is connected")?);

    println!("-- Builder::spawn");
    let (listener, addr) = listen()?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || refuses(&listener, 2 * MIB, &tell));
    let mut silent = silent_clients(addr)?;
    expect(addr, false)?;
    println!("server: no thread for it: {}", told.recv()?);
    ensure!(is_served(&mut silent[0])?, "the first client is lost");
    println!("the first client: I am served");

    println!("-- Builder::spawn, with stacks of 64 KiB");
    let (listener, addr) = listen()?;
    let (tell, _told) = mpsc::channel();
    thread::spawn(move || refuses(&listener, 64 * KIB, &tell));
    let _silent = silent_clients(addr)?;
    expect(addr, true)
}

// ANCHOR: as_often_seen
fn as_often_seen(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(|| echo(stream));
    }
}
// ANCHOR_END: as_often_seen

// ANCHOR: refuses
fn refuses(
    listener: &TcpListener,
    stack: usize,
    tell: &Sender<io::Error>,
) -> anyhow::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        let thread = Builder::new().stack_size(stack);
        if let Err(e) = thread.spawn(|| echo(stream)) {
            tell.send(e)?;
        }
    }
}
// ANCHOR_END: refuses

fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buf = [0; 1024];
    loop {
        match stream.read(&mut buf)? {
            0 => return Ok(()),
            n => stream.write_all(&buf[..n])?,
        }
    }
}

fn listen() -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}

/// 40 clients who say one thing, and then nothing more.
fn silent_clients(addr: SocketAddr) -> anyhow::Result<Vec<TcpStream>> {
    let mut clients = Vec::new();
    for _ in 0..40 {
        let mut client = connect(addr)?;
        ensure!(is_served(&mut client)?, "there is no limit yet");
        clients.push(client);
    }
    println!("40 silent clients have come, and each has a thread");
    Ok(clients)
}

/// Lets one more client come, with no room for a stack of 2 MiB.
fn expect(addr: SocketAddr, served: bool) -> anyhow::Result<()> {
    let before = getrlimit(Resource::As);
    limit_addresses(3 * MIB / 2)?;
    let is_served = is_served(&mut connect(addr)?)?;
    setrlimit(Resource::As, before).context("cannot lift the limit")?;
    match is_served {
        true => println!("the next client: I am served"),
        false => println!("the next client: I am hung up on"),
    }
    ensure!(is_served == served, "this was not to be expected");
    Ok(())
}

fn connect(addr: SocketAddr) -> anyhow::Result<TcpStream> {
    TcpStream::connect(addr).context("cannot connect")
}

/// `false`: the server has hung up.
fn is_served(client: &mut TcpStream) -> anyhow::Result<bool> {
    client.write_all(b"x").context("cannot send")?;
    match client.read(&mut [0]) {
        Ok(n) => Ok(n == 1),
        Err(e) if e.kind() == io::ErrorKind::ConnectionReset => Ok(false),
        Err(e) => Err(e).context("cannot read"),
    }
}

/// Lets this process have so many more addresses than it has now.
fn limit_addresses(more: usize) -> anyhow::Result<()> {
    let sizes = fs::read_to_string("/proc/self/statm")
        .context("cannot read how many addresses the process has")?;
    let pages = sizes.split(' ').next().context("nothing stands there")?;
    let now = pages.parse::<usize>()? * rustix::param::page_size();
    let mut limit = getrlimit(Resource::As);
    limit.current = Some((now + more) as u64);
    setrlimit(Resource::As, limit).context("cannot set a limit")
}
