//! What clients do to the servers under trace: one thing after another, so
//! that the server is asked for the same in each run.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use anyhow::ensure;
use testkit::deadline::PATIENCE;

/// Talks to the server at the address.
pub type Script = fn(SocketAddr) -> anyhow::Result<()>;

/// One client says hello, and listens until the server hangs up.
pub fn one_client(server: SocketAddr) -> anyhow::Result<()> {
    let mut client = connect(server)?;
    client.write_all(b"hello")?;
    client.shutdown(Shutdown::Write)?;
    to_the_end(&mut client)
}

/// Three clients, one after the other. Each has its echo before it says that
/// it will send no more, so that the server sees that alone.
pub fn three_clients(server: SocketAddr) -> anyhow::Result<()> {
    for _ in 0..3 {
        let mut client = connect(server)?;
        client.write_all(b"hello")?;
        client.read_exact(&mut [0; 5])?;
        client.shutdown(Shutdown::Write)?;
        to_the_end(&mut client)?;
    }
    Ok(())
}

/// Two clients, both connected before one of them speaks.
pub fn two_at_once(server: SocketAddr) -> anyhow::Result<()> {
    let mut clients = [connect(server)?, connect(server)?];
    for client in &mut clients {
        client.write_all(b"hello")?;
        client.read_exact(&mut [0; 5])?;
        client.shutdown(Shutdown::Write)?;
        to_the_end(client)?;
    }
    Ok(())
}

fn connect(server: SocketAddr) -> anyhow::Result<TcpStream> {
    let client = TcpStream::connect(server)?;
    client.set_read_timeout(Some(PATIENCE))?;
    Ok(client)
}

fn to_the_end(client: &mut TcpStream) -> anyhow::Result<()> {
    let mut rest = Vec::new();
    client.read_to_end(&mut rest)?;
    ensure!(rest.is_empty() || rest == b"welcome", "{rest:?}");
    Ok(())
}
