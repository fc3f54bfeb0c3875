//! What is known of a TCP socket beyond what smoltcp keeps.

use std::net::SocketAddr;

use smoltcp::iface::{SocketHandle, SocketSet};
use smoltcp::socket::tcp::{self, State};

/// A TCP socket, the two ends it last had, and the state before it closed.
///
/// smoltcp forgets both when a connection is over; they tell an orderly end
/// from a refusal and from a reset.
pub(crate) struct Connection {
    pub(crate) handle: SocketHandle,
    /// Its own address and port, and the peer's.
    pub(crate) ends: Option<(SocketAddr, SocketAddr)>,
    last_open: State,
}

impl Connection {
    pub(crate) fn new(handle: SocketHandle) -> Self {
        Self { handle, ends: None, last_open: State::Closed }
    }

    /// Notes where the socket stands now.
    pub(crate) fn follow(&mut self, socket: &tcp::Socket<'_>) {
        if let (Some(own), Some(peer)) =
            (socket.local_endpoint(), socket.remote_endpoint())
        {
            self.ends = Some((own.into(), peer.into()));
        }
        if socket.state() != State::Closed {
            self.last_open = socket.state();
        }
    }

    /// How a closed connection came to its end.
    pub(crate) fn end(&self) -> End {
        match self.last_open {
            State::LastAck | State::TimeWait => End::Orderly,
            State::SynSent => End::Refused,
            _ => End::Reset,
        }
    }
}

/// How a connection came to its end.
pub(crate) enum End {
    /// Both ends said that they had no more to say.
    Orderly,
    /// The peer answered the SYN with a reset.
    Refused,
    /// One end broke it off.
    Reset,
}

/// The state of the connection from `own` to `peer`, newest first. A socket
/// that only listens on the port stands for it; where there is none, it is
/// CLOSED.
pub(crate) fn state(
    sockets: &SocketSet<'_>,
    connections: &[Connection],
    own: SocketAddr,
    peer: SocketAddr,
) -> State {
    let ends = Some((own, peer));
    let of = |c: &Connection| sockets.get::<tcp::Socket<'_>>(c.handle);
    let all = || connections.iter().rev();
    let listens = |c: &&Connection| {
        let listening = of(c).state() == State::Listen;
        listening && of(c).listen_endpoint().port == own.port()
    };
    all()
        .find(|c| c.ends == ends && of(c).local_endpoint().is_some())
        .or_else(|| all().find(listens))
        .or_else(|| all().find(|c| c.ends == ends))
        .map_or(State::Closed, |c| of(c).state())
}
