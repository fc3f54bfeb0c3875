use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, Builder};

use anyhow::{Context, anyhow, ensure};
use rustix::process::{Resource, getrlimit, setrlimit};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

pub fn main() -> anyhow::Result<()> {
    panic::set_hook(Box::new(|_| {})); // it is told below

    println!("-- thread::spawn");
    let (listener, addr) = listen()?;
    let server = thread::spawn(move || as_often_seen(&listener));
    let (clients, all) = silent_clients(addr, 200)?;
    ensure!(!all, "there is a thread for each of 200 clients");
    println!("client: I am hung up on");
    let panic = server.join().err().context("the server has not panicked")?;
    let what = panic.downcast_ref::<String>().context("and says nothing")?;
    println!("server: a panic: {what}");
    let next = TcpStream::connect(addr).err();
    println!("the next client: {}", next.context("is connected")?);
    drop(clients);

    println!("-- Builder::spawn");
    let (listener, addr) = listen()?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || refuses(&listener, 2 * MIB, &tell));
    let (mut clients, all) = silent_clients(addr, 200)?;
    ensure!(!all, "there is a thread for each of 200 clients");
    println!("client: I am hung up on");
    println!("server: no thread for this client: {}", told.recv()?);
    ensure!(is_served(&mut clients[0])?, "the first client is lost");
    println!("the first client: I am served");
    drop(clients);

    println!("-- Builder::spawn, with stacks of 64 KiB");
    let (listener, addr) = listen()?;
    let (tell, _told) = mpsc::channel();
    thread::spawn(move || refuses(&listener, 64 * KIB, &tell));
    let (clients, all) = silent_clients(addr, 200)?;
    ensure!(all, "there are {} threads and no more", clients.len());
    println!("200 silent clients have come, and all have a thread");
    Ok(())
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

/// Clients who say one thing, and then nothing more. `true`: all of them have
/// been served, in no more than 128 MiB of addresses.
fn silent_clients(
    addr: SocketAddr,
    number: usize,
) -> anyhow::Result<(Vec<TcpStream>, bool)> {
    let mut clients = Vec::with_capacity(number);
    let before = getrlimit(Resource::As);
    limit_addresses(128 * MIB)?;
    for _ in 0..number {
        let mut client = TcpStream::connect(addr).context("cannot connect")?;
        if !is_served(&mut client)? {
            break;
        }
        clients.push(client);
    }
    setrlimit(Resource::As, before).context("cannot lift the limit")?;
    let all = clients.len() == number;
    Ok((clients, all))
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

// ANCHOR: limit
/// Lets this process have so many more addresses than it has now.
fn limit_addresses(more: usize) -> anyhow::Result<()> {
    let sizes = fs::read_to_string("/proc/self/statm")
        .context("cannot read how many addresses the process has")?;
    let pages = sizes.split(' ').next().ok_or(anyhow!("nothing there"))?;
    let now = pages.parse::<usize>()? * rustix::param::page_size();
    let mut limit = getrlimit(Resource::As);
    limit.current = Some((now + more) as u64);
    setrlimit(Resource::As, limit).context("cannot set a limit")
}
// ANCHOR_END: limit
