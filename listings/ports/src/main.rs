//! Which ports the system chooses, when a port is taken, and what tells two
//! connections to one port apart.
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};

use anyhow::Context;
use socket2::{Domain, Socket, Type};

fn main() -> anyhow::Result<()> {
    let (listener, udp) = one_number_for_both()?;
    let server = listener.local_addr()?;

    // ANCHOR: taken
    println!("-- one number, twice");
    println!("TCP listener: asked for port 0, got {server}");
    println!("UDP socket: got {}, the same number", udp.local_addr()?);
    if let Err(e) = TcpListener::bind(server) {
        println!("a second TCP listener on {server}: {:?}", e.kind());
    }
    // ANCHOR_END: taken

    // ANCHOR: two_clients
    println!("-- two clients, one port of the server");
    let mut open = Vec::new();
    for name in ["alice", "bob"] {
        let client = TcpStream::connect(server)?;
        let (accepted, _) = listener.accept()?;
        let (own, peer) = (client.local_addr()?, client.peer_addr()?);
        println!("{name}'s socket: from {own} to {peer}");
        let (own, peer) = (accepted.local_addr()?, accepted.peer_addr()?);
        println!("server's socket: from {own} to {peer}");
        open.push((client, accepted)); // both stay connected
    }
    // ANCHOR_END: two_clients

    // ANCHOR: one_port
    println!("-- one port of the client, two servers");
    let other = TcpListener::bind("127.0.0.1:0")?;
    let mut own = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut open = Vec::new();
    for peer in [server, other.local_addr()?, server] {
        let socket = bind_shared(own)?;
        own = local_addr(&socket)?;
        println!("from {own} to {peer}");
        match socket.connect(&peer.into()) {
            Ok(()) => println!("  connected"),
            Err(e) => println!("  refused: {e}"),
        }
        open.push(socket); // all stay connected
    }
    // ANCHOR_END: one_port
    Ok(())
}

// ANCHOR: port_0
/// A TCP listener and a UDP socket with the same port number. Another program
/// may have a UDP socket on the number that the listener gets: then try anew.
fn one_number_for_both() -> anyhow::Result<(TcpListener, UdpSocket)> {
    let mut taken = Vec::new();
    for _ in 0..100 {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        match UdpSocket::bind(listener.local_addr()?) {
            Ok(udp) => return Ok((listener, udp)),
            Err(_) => taken.push(listener), // kept, to get another one
        }
    }
    anyhow::bail!("no number is free for both TCP and UDP")
}
// ANCHOR_END: port_0

/// A TCP socket that may share its address with others of its kind.
fn bind_shared(addr: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    #[cfg(windows)] // has no such option; this one does it there
    socket.set_reuse_address(true)?;
    socket.bind(&addr.into())?;
    Ok(socket)
}

fn local_addr(socket: &Socket) -> anyhow::Result<SocketAddr> {
    let addr = socket.local_addr()?.as_socket();
    addr.context("a TCP socket has an address with a port")
}
