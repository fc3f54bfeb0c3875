//! A server that is started again.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process;
use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::Context;

use super::Subject;
use crate::server::Server;

/// The server is killed with clients connected, and started again at once on
/// the same port: it must listen there, though the old connections still stand
/// in the kernel's books (FIN-WAIT-2; RFC 9293, section 3.3.2).
pub fn restart(subject: &Subject) -> anyhow::Result<()> {
    let addr = SocketAddr::from((own_loopback(), 0)).to_string();
    let server = Server::start(subject.command(&addr))?;
    let clients = subject.target(&server).connect_all(3)?;
    for client in &clients {
        client.echo(b"hello")?;
    }
    let addr = server.addr();
    server.kill();

    let command = subject.command(&addr.to_string());
    let again = Server::start(command)
        .with_context(|| format!("when it is started again on {addr}"))?;
    subject.target(&again).serves_another()
}

/// A loopback address that no other test uses, where the system has more than
/// one (Linux: all of 127.0.0.0/8), so that no passing connection takes the
/// port between the two starts.
fn own_loopback() -> IpAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    if cfg!(target_os = "linux") {
        let [.., high, low] = process::id().to_be_bytes();
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        // 127.0 is where everybody else is.
        IpAddr::from([127, high | 128, low, next.clamp(1, 254)])
    } else {
        IpAddr::from(Ipv4Addr::LOCALHOST)
    }
}
