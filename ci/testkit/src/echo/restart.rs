//! A server that is started again.

use std::net::SocketAddr;

use anyhow::Context;

use super::Subject;
use super::loopback::own_loopback;
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
