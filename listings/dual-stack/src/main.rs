//! One listener on `[::]` for IPv6 and IPv4, and one for IPv6 alone.
//!
//! The address `[::]` is every address of the machine. So this listener is
//! kept on loopback where the system can do that, and lives for a moment.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, ensure};
use socket2::{Domain, Socket, Type};

const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    println!("-- IPV6_V6ONLY off");
    two_clients(&listen(false).context("cannot listen over IPv6")?)?;
    println!("-- IPV6_V6ONLY on");
    two_clients(&listen(true).context("cannot listen over IPv6")?)
}

// ANCHOR: listen
fn listen(only_v6: bool) -> anyhow::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    socket.set_only_v6(only_v6)?; // before bind
    keep_inside(&socket)?;
    let any = SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0));
    socket.bind(&any.into())?;
    socket.listen(2)?;
    Ok(socket.into())
}
// ANCHOR_END: listen

// ANCHOR: two_clients
fn two_clients(listener: &TcpListener) -> anyhow::Result<()> {
    let port = listener.local_addr()?.port();
    let v6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    let v4 = IpAddr::from(Ipv4Addr::LOCALHOST);
    for to in [v6, v4] {
        let addr = SocketAddr::new(to, port);
        match TcpStream::connect_timeout(&addr, PATIENCE) {
            Ok(client) => {
                let (_stream, peer) = listener.accept()?;
                let ours = peer.port() == client.local_addr()?.port();
                ensure!(ours, "a stranger came");
                let (ip, canonical) = (peer.ip(), peer.ip().to_canonical());
                println!("to {to}: peer {ip}, canonical {canonical}");
            }
            Err(e) => println!("to {to}: {e}"),
        }
    }
    Ok(())
}
// ANCHOR_END: two_clients

/// Takes only what comes over loopback: Linux can do this, without being
/// root since 5.7.
#[cfg(target_os = "linux")]
fn keep_inside(socket: &Socket) -> std::io::Result<()> {
    socket.bind_device(Some(b"lo"))
}

#[cfg(not(target_os = "linux"))]
fn keep_inside(_socket: &Socket) -> std::io::Result<()> {
    Ok(())
}
