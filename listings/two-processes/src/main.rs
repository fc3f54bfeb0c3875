//! The program starts itself a second time. Both processes have a variable
//! `count`; what one of them does to its own, the other does not see. All they
//! have is what they send each other.
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{self, Command};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

// ANCHOR: roles
fn main() -> anyhow::Result<()> {
    let count = 1;
    match env::args().nth(1) {
        None => start(count), // you have started this process
        Some(addr) => client(&addr, count), // the other one has
    }
}
// ANCHOR_END: roles

// ANCHOR: start
fn start(count: i32) -> anyhow::Result<()> {
    println!("server: I am process {}, my count is {count}", process::id());
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen")?;
    let addr = listener.local_addr()?.to_string();

    println!("server: I wait at {addr}, and start the client");
    let program = env::current_exe().context("where is this program?")?;
    let mut child = Command::new(program)
        .arg(&addr)
        .spawn()
        .context("cannot start the client")?;
    // ANCHOR_END: start

    // In a thread, so that a client that fails ends the wait.
    let server = thread::spawn(move || server(&listener, count));
    let status = child.wait().context("cannot wait for the client")?;
    ensure!(status.success(), "the client failed: {status}");
    match server.join() {
        Ok(result) => result,
        Err(_) => bail!("the server panicked"),
    }
}

// ANCHOR: server
fn server(listener: &TcpListener, mut count: i32) -> anyhow::Result<()> {
    let (stream, _) = listener.accept()?;
    let mut client = Peer::new(stream)?;

    let text = client.receive()?;
    println!("server: I received {text:?}");
    println!("server: my count is {count}");
    println!("server: I send \"what is it?\"");
    client.send("what is it?")?;

    let text = client.receive()?;
    count = text.parse().context("this is no number")?;
    println!("server: I received {text:?}, and write it into my count");
    println!("server: my count is {count}");
    Ok(())
}
// ANCHOR_END: server

// ANCHOR: client
fn client(addr: &str, mut count: i32) -> anyhow::Result<()> {
    println!("client: I am process {}, my count is {count}", process::id());
    let stream = TcpStream::connect(addr)
        .with_context(|| format!("cannot connect to {addr}"))?;
    let mut server = Peer::new(stream)?;

    count += 41;
    println!("client: I add 41, my count is {count}");
    println!("client: I send \"the count has changed\"");
    server.send("the count has changed")?;

    let text = server.receive()?;
    println!("client: I received {text:?}");
    println!("client: I send \"{count}\"");
    server.send(&count.to_string())
}
// ANCHOR_END: client

/// The other process, as this one sees it: lines that come and lines that go.
struct Peer {
    lines: BufReader<TcpStream>,
}

impl Peer {
    fn new(stream: TcpStream) -> anyhow::Result<Peer> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Peer { lines: BufReader::new(stream) })
    }

    fn send(&mut self, text: &str) -> anyhow::Result<()> {
        let line = format!("{text}\n");
        self.lines.get_mut().write_all(line.as_bytes())?;
        Ok(())
    }

    fn receive(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let text = line.strip_suffix('\n');
        Ok(text.context("the other end has hung up")?.to_string())
    }
}
