//! The server that the peers are let loose on.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;

use crate::Client;

/// Where the server is, and how long each step may take.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    addr: SocketAddr,
    patience: Duration,
    say: fn(&str),
}

impl Target {
    /// A server at `addr`, which has `patience` for each thing it is to do.
    /// Nothing is said aloud.
    pub fn new(addr: SocketAddr, patience: Duration) -> Target {
        Target { addr, patience, say: |_| {} }
    }

    /// The same, and `say` gets a line for each step of a peer.
    pub fn aloud(self, say: fn(&str)) -> Target {
        Target { say, ..self }
    }

    /// Tells what a peer is about to do, or what the server did.
    pub(crate) fn say(&self, line: &str) {
        (self.say)(line);
    }

    /// Connects to the server.
    ///
    /// # Errors
    ///
    /// Those of [`Client::connect`].
    pub fn connect(&self) -> anyhow::Result<Client> {
        Client::connect(self.addr, self.patience)
    }

    /// Connects that many clients.
    ///
    /// # Errors
    ///
    /// Those of [`Client::connect`].
    pub fn connect_all(&self, number: usize) -> anyhow::Result<Vec<Client>> {
        (0..number).map(|_| self.connect()).collect()
    }

    /// Sees that a client who comes now is served.
    ///
    /// # Errors
    ///
    /// Where it is not.
    pub fn serves_another(&self) -> anyhow::Result<()> {
        self.connect()
            .and_then(|client| client.echo(b"and me?"))
            .context("a client who came then is not served")
    }
}
