//! Each error, with what was done.
use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use nix::sys::socket::{setsockopt, sockopt::DontRoute};
use rustix::process::{Resource, Rlimit, Signal};
use rustix::process::{getpid, getrlimit, kill_process, setrlimit};
use signal_hook::consts::SIGUSR1;
use socket2::{Domain, SockRef, Socket, Type};

/// How long something may take that does not come.
const SHORT: Duration = Duration::from_millis(300);

pub fn main() -> anyhow::Result<()> {
    closed()?;
    broken_off()?;
    waiting()?;
    interrupted()?;
    addresses()?;
    without_a_kind()
}

fn show<T: Debug>(what: &str, result: io::Result<T>) {
    println!("{what}");
    match result {
        Ok(value) => println!("    no error: {value:?}"),
        Err(e) => println!("    {:?}: {e}", e.kind()),
    }
}

fn closed() -> anyhow::Result<()> {
    println!("-- the peer has closed");
    // ANCHOR: closed
    let (mut ours, theirs) = pair()?;
    drop(theirs);
    show("read", ours.read(&mut [0; 16]));
    show("write", ours.write(b"hello"));
    // The answer to it, a reset, is on its way.
    let error = (0..1000).find_map(|_| {
        thread::yield_now();
        ours.write(b"hello").err()
    });
    show("write again", Err::<(), _>(error.context("no reset came")?));
    // ANCHOR_END: closed
    Ok(())
}

fn broken_off() -> anyhow::Result<()> {
    println!("-- the peer has broken off before accept");
    // ANCHOR: broken_off
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    SockRef::from(&client).set_linger(Some(Duration::ZERO))?;
    drop(client); // a reset
    let accepted = listener.accept().map(|(stream, _)| stream);
    let mut ours = accepted.context("accept has failed")?;
    println!("accept\n    no error");
    show("read", ours.read(&mut [0; 16]));
    // ANCHOR_END: broken_off
    Ok(())
}

fn waiting() -> anyhow::Result<()> {
    println!("-- a time limit");
    // ANCHOR: waiting
    let (mut ours, theirs) = pair()?;
    ours.set_read_timeout(Some(SHORT))?;
    show("read, nothing comes", ours.read(&mut [0; 16]));

    let full = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    full.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    full.listen(0)?; // the shortest queue there is, and nobody accepts
    let addr = full.local_addr()?.as_socket().context("it is IPv4")?;
    let mut queue = Vec::new();
    let late = loop {
        match TcpStream::connect_timeout(&addr, SHORT) {
            Ok(stream) if queue.len() < 10 => queue.push(stream),
            result => break result,
        }
    };
    show("connect, the queue is full", late);

    SockRef::from(&ours).set_tcp_user_timeout(Some(SHORT))?;
    let much = vec![0; 32 << 20]; // more than all buffers hold
    show("write, the peer reads nothing", ours.write_all(&much));
    drop(theirs);
    // ANCHOR_END: waiting
    Ok(())
}

fn interrupted() -> anyhow::Result<()> {
    println!("-- a signal comes");
    // ANCHOR: interrupted
    let (mut ours, _theirs) = pair()?;
    let came = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGUSR1, Arc::clone(&came))?;
    let (done, is_done) = mpsc::channel::<()>();
    let sender = thread::spawn(move || {
        // Again and again, as the first may come before the read has begun.
        let again = Duration::from_millis(10);
        while is_done.recv_timeout(again) == Err(RecvTimeoutError::Timeout) {
            kill_process(getpid(), Signal::USR1)?;
        }
        rustix::io::Result::Ok(())
    });
    ours.set_read_timeout(Some(10 * SHORT))?;
    let result = ours.read(&mut [0; 16]);
    drop(done);
    sender.join().expect("the thread does not panic")?;
    show("read", result);
    // ANCHOR_END: interrupted
    Ok(())
}

fn addresses() -> anyhow::Result<()> {
    println!("-- addresses, without a packet");
    // ANCHOR: addresses
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let sent = socket.send_to(b"hello", "255.255.255.255:9");
    show("send to everybody on the link", sent);

    let socket = UdpSocket::bind("0.0.0.0:0")?;
    setsockopt(&socket, DontRoute, &true)?; // hand nothing to a router
    let connected = socket.connect("203.0.113.1:9"); // sends nothing
    show("connect to a network far away", connected);
    // ANCHOR_END: addresses
    Ok(())
}

fn without_a_kind() -> anyhow::Result<()> {
    println!("-- errors that have only a number");
    // ANCHOR: without_a_kind
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    let begun = socket.connect(&listener.local_addr()?.into());
    show_number("connect, without waiting", begun);
    let (_stream, _) = listener.accept()?; // so it is connected

    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let to_itself = socket.local_addr()?;
    let sent = socket.send_to(&[0; 65508], to_itself);
    show_number("send a datagram of 65508 bytes", sent);

    let before = getrlimit(Resource::Nofile);
    let none = Rlimit { current: Some(0), ..before };
    setrlimit(Resource::Nofile, none)?;
    let accepted = listener.accept();
    setrlimit(Resource::Nofile, before)?;
    show_number("accept, with no descriptor left", accepted);
    // ANCHOR_END: without_a_kind
    Ok(())
}

fn show_number<T: Debug>(what: &str, result: io::Result<T>) {
    println!("{what}");
    match result {
        Ok(value) => println!("    no error: {value:?}"),
        Err(e) => println!("    {:?}: {e}", e.raw_os_error()),
    }
}

/// Both ends of a new connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = TcpStream::connect(listener.local_addr()?)?;
    let (theirs, _) = listener.accept()?;
    Ok((ours, theirs))
}
