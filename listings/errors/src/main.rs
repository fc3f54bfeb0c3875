//! The errors that sockets give on every system, each made on purpose: what
//! was done, the error's kind, and the system's words and number for it.
use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

/// An address that no machine has: it is kept for examples (RFC 5737).
const ELSEWHERE: &str = "203.0.113.1:0";

fn main() -> anyhow::Result<()> {
    setting_up()?;
    talking()?;
    made_by_rust()
}

// ANCHOR: show
fn show<T: Debug>(what: &str, result: io::Result<T>) {
    println!("{what}");
    match result {
        Ok(value) => println!("    no error: {value:?}"),
        Err(e) => println!("    {:?}: {e}", e.kind()),
    }
}
// ANCHOR_END: show

fn setting_up() -> anyhow::Result<()> {
    println!("-- setting up");
    // ANCHOR: setting_up
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let taken = listener.local_addr()?;
    let deaf = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    deaf.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    let deaf_addr = deaf.local_addr()?; // bound, but it does not listen

    show("connect where nobody listens", connect(&deaf_addr));
    show("bind an address that is taken", TcpListener::bind(taken));
    show("bind another machine's address", TcpListener::bind(ELSEWHERE));
    show("read before connect", (&deaf).read(&mut [0; 16]));
    // ANCHOR_END: setting_up
    Ok(())
}

fn connect(addr: &socket2::SockAddr) -> io::Result<()> {
    Socket::new(Domain::IPV4, Type::STREAM, None)?.connect(addr)
}

fn talking() -> anyhow::Result<()> {
    println!("-- talking");
    // ANCHOR: talking
    let (mut ours, theirs) = pair()?;
    ours.set_nonblocking(true)?;
    show("ask for bytes, none are there", ours.read(&mut [0; 16]));
    ours.set_nonblocking(false)?;

    SockRef::from(&theirs).set_linger(Some(Duration::ZERO))?;
    drop(theirs); // with this option, the close is a reset
    show("read, the peer has broken off", ours.read(&mut [0; 16]));

    let (mut ours, mut theirs) = pair()?;
    theirs.write_all(b"hel")?;
    drop(theirs);
    show("want 5 bytes, 3 come and the end", ours.read_exact(&mut [0; 5]));
    show("read once more", ours.read(&mut [0; 16]));
    // ANCHOR_END: talking
    Ok(())
}

fn made_by_rust() -> anyhow::Result<()> {
    println!("-- made by Rust");
    // ANCHOR: made_by_rust
    let (mut ours, mut theirs) = pair()?;
    let zero = Some(Duration::ZERO);
    show("a time limit of 0", ours.set_read_timeout(zero));

    theirs.write_all(&[0xe4, 0xbd])?; // two of the three bytes of 你
    drop(theirs);
    let mut text = String::new();
    show("read a text that is cut", ours.read_to_string(&mut text));

    let mut room = [0; 3];
    show("write 5 bytes where 3 fit", (&mut room[..]).write_all(b"hello"));
    // ANCHOR_END: made_by_rust
    Ok(())
}

/// Both ends of a new connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = TcpStream::connect(listener.local_addr()?)?;
    let (theirs, _) = listener.accept()?;
    Ok((ours, theirs))
}
