//! A server, started again at once, without SO_REUSEADDR and with it; and two
//! servers at the same time.
use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use anyhow::ensure;
use socket2::{Domain, Socket, Type};

pub fn main() -> anyhow::Result<()> {
    println!("-- without SO_REUSEADDR");
    restart(false)?;
    println!("-- with SO_REUSEADDR");
    restart(true)?;
    println!("-- two at once, both with SO_REUSEADDR");
    two_at_once()
}

// ANCHOR: server
/// What `TcpListener::bind` does, but with the option as we like.
fn server(addr: SocketAddr, reuse: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?; // before bind: bind looks at it
    socket.bind(&addr.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}
// ANCHOR_END: server

// ANCHOR: restart
fn restart(reuse: bool) -> anyhow::Result<()> {
    let listener = server((Ipv4Addr::LOCALHOST, 0).into(), reuse)?;
    let addr = listener.local_addr()?;
    let mut client = TcpStream::connect(addr)?;
    let (stream, _) = listener.accept()?;

    println!("server: closes first, and stops");
    drop(stream);
    ensure!(client.read(&mut [0])? == 0, "the server has sent something");
    drop(client);
    drop(listener);

    match server(addr, reuse) {
        Ok(_) => println!("again: listening on the same port"),
        Err(e) => println!("again: cannot listen: {e}"),
    }
    Ok(())
}
// ANCHOR_END: restart

fn two_at_once() -> anyhow::Result<()> {
    // ANCHOR: two_at_once
    let first = server((Ipv4Addr::LOCALHOST, 0).into(), true)?;
    println!("first: listening");
    match server(first.local_addr()?, true) {
        Ok(_) => println!("second: listening on the same port"),
        Err(e) => println!("second: cannot listen: {e}"),
    }
    // ANCHOR_END: two_at_once
    Ok(())
}
