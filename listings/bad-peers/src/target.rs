//! The server that the peers are let loose on.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;

use crate::Client;

/// How many clients come before one of them is served: they fit the shortest
/// backlog that is in use.
const AT_A_TIME: usize = 100;

/// Where the server is, and how long each step may take.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    addr: SocketAddr,
    patience: Duration,
    /// How long nothing can be sent to it before it counts as taking no more.
    pub(crate) stall: Duration,
    say: fn(&str),
}

impl Target {
    /// A server at `addr`, which has `patience` for each thing it is to do.
    /// Nothing is said aloud.
    pub fn new(addr: SocketAddr, patience: Duration) -> Target {
        let stall = Duration::from_millis(300);
        Target { addr, patience, stall, say: |_| {} }
    }

    /// The same, and it counts as taking no more when nothing could be sent for
    /// so long, instead of for 300 ms. (A server that takes bytes for ever may
    /// pause: where a full buffer makes Linux drop a segment, it is sent again
    /// after 200 ms, and after 400 more if it is dropped once more.)
    pub fn stall(self, stall: Duration) -> Target {
        Target { stall, ..self }
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

    /// Connects clients until that many are here, however short the server's
    /// backlog is: the last of each hundred is served before more come.
    ///
    /// # Errors
    ///
    /// Those of [`Client::connect`], and where one is not served.
    pub fn gather(
        &self,
        clients: &mut Vec<Client>,
        number: usize,
    ) -> anyhow::Result<()> {
        while clients.len() < number {
            let here = number.min(clients.len() + AT_A_TIME);
            clients.extend(self.connect_all(here - clients.len() - 1)?);
            let last = self.connect()?;
            last.echo(b"am I in?").with_context(|| {
                format!("{here} have come, and the last of them is not served")
            })?;
            clients.push(last);
        }
        Ok(())
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
