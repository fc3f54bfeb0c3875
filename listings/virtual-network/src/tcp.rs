//! TCP sockets, with calls like those of std's sockets that do not block.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use smoltcp::socket::tcp::{self, ConnectError, RecvError, State};

use crate::buffers::Buffers;
use crate::connection::{Connection, End};
use crate::error::{invalid, no_route};
use crate::id::{HostId, TcpSocket};
use crate::network::Network;

/// TCP. Each call takes effect at once: what it makes the host send is on the
/// link before the call returns.
impl Network {
    /// Listens on a port of all the host's addresses.
    ///
    /// The first connection that comes takes the socket over; listen again
    /// for each further one. A SYN to a port on which nothing listens any
    /// more is answered by a reset.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for port 0.
    pub fn tcp_listen(
        &mut self,
        host: HostId,
        port: u16,
    ) -> io::Result<TcpSocket> {
        self.tcp_listen_with(host, port, Buffers::default())
    }

    /// Like [`tcp_listen`](Self::tcp_listen), with buffers of your choice.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for port 0.
    pub fn tcp_listen_with(
        &mut self,
        host: HostId,
        port: u16,
        buffers: Buffers,
    ) -> io::Result<TcpSocket> {
        if port == 0 {
            return Err(invalid("cannot listen on port 0".into()));
        }
        let socket = self.tcp_socket(host, buffers);
        self.tcp_mut(socket)
            .listen(port)
            .expect("a new socket can listen on any port but 0");
        Ok(socket)
    }

    /// Starts to connect: sends the SYN, from a new port of the host, 49152
    /// being the first (RFC 6335, section 6).
    ///
    /// # Errors
    ///
    /// `NetworkUnreachable` if the host is on no network with that address
    /// and has no gateway; `InvalidInput` for port 0.
    pub fn tcp_connect(
        &mut self,
        host: HostId,
        to: impl Into<SocketAddr>,
    ) -> io::Result<TcpSocket> {
        self.tcp_connect_with(host, to, Buffers::default())
    }

    /// Like [`tcp_connect`](Self::tcp_connect), with buffers of your choice.
    ///
    /// # Errors
    ///
    /// As for [`tcp_connect`](Self::tcp_connect).
    pub fn tcp_connect_with(
        &mut self,
        host: HostId,
        to: impl Into<SocketAddr>,
        buffers: Buffers,
    ) -> io::Result<TcpSocket> {
        let to = to.into();
        if !self.host(host.0).has_route(to.ip()) {
            return Err(no_route(self.name(host), to.ip()));
        }
        let socket = self.tcp_socket(host, buffers);
        self.host_mut(host.0).connect(socket.index, to).map_err(
            |e| match e {
                ConnectError::Unaddressable => {
                    invalid(format!("cannot connect to {to}"))
                }
                ConnectError::InvalidState => io::Error::other(e),
            },
        )?;
        self.wake(host.0);
        Ok(socket)
    }

    /// Sends as many bytes of `data` as the send buffer has room for, and
    /// says how many.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room, or no connection yet; `BrokenPipe`
    /// after [`close`](Self::close); `ConnectionRefused` and
    /// `ConnectionReset` if the connection came to that end.
    pub fn send(
        &mut self,
        socket: TcpSocket,
        data: &[u8],
    ) -> io::Result<usize> {
        match self.tcp(socket).state() {
            State::Established | State::CloseWait => {}
            State::Listen | State::SynSent | State::SynReceived => {
                return Err(ErrorKind::WouldBlock.into());
            }
            State::Closed => {
                return Err(self.why_closed(socket).unwrap_or_else(broken));
            }
            _ => return Err(broken()),
        }
        let sent = self.tcp_mut(socket).send_slice(data);
        self.wake(socket.host);
        match sent {
            Ok(0) if !data.is_empty() => Err(ErrorKind::WouldBlock.into()),
            Ok(n) => Ok(n),
            Err(_) => Err(broken()),
        }
    }

    /// Takes bytes that have come, in order, into `buf`, and says how many; 0
    /// if the peer has closed and all was taken.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is nothing yet; `ConnectionRefused` and
    /// `ConnectionReset` if the connection came to that end.
    pub fn recv(
        &mut self,
        socket: TcpSocket,
        buf: &mut [u8],
    ) -> io::Result<usize> {
        let taken = self.tcp_mut(socket).recv_slice(buf);
        // The window is open further now: the peer may have to be told.
        self.wake(socket.host);
        match (taken, self.state(socket)) {
            (Ok(0), _) if !buf.is_empty() => Err(ErrorKind::WouldBlock.into()),
            (Ok(n), _) => Ok(n),
            (Err(RecvError::Finished), _) => Ok(0),
            (Err(_), State::Closed) => match self.why_closed(socket) {
                Some(error) => Err(error),
                None => Ok(0),
            },
            (Err(_), _) => Err(ErrorKind::WouldBlock.into()),
        }
    }

    /// Takes all bytes that have come; none if none have.
    ///
    /// # Errors
    ///
    /// As for [`recv`](Self::recv), but for `WouldBlock`.
    pub fn recv_all(&mut self, socket: TcpSocket) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut buf = [0; 4096];
        loop {
            match self.recv(socket, &mut buf) {
                Ok(0) => return Ok(all),
                Ok(n) => all.extend_from_slice(&buf[..n]),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(all),
                Err(e) if all.is_empty() => return Err(e),
                Err(_) => return Ok(all),
            }
        }
    }

    /// Says that there is no more to send: a FIN follows the last byte. The
    /// peer can still send (RFC 9293, section 3.6).
    pub fn close(&mut self, socket: TcpSocket) {
        self.tcp_mut(socket).close();
        self.wake(socket.host);
    }

    /// Breaks the connection off with a reset (RFC 9293, section 3.10.5).
    pub fn abort(&mut self, socket: TcpSocket) {
        self.tcp_mut(socket).abort();
        self.wake(socket.host);
    }

    /// The socket's state (RFC 9293, section 3.3.2). It prints in the RFC's
    /// words: `SYN-SENT`.
    pub fn state(&self, socket: TcpSocket) -> State {
        self.tcp(socket).state()
    }

    /// smoltcp's socket, to read what this library does not show.
    pub fn tcp(&self, socket: TcpSocket) -> &tcp::Socket<'static> {
        self.host(socket.host).tcp(socket.index)
    }

    /// smoltcp's socket, to set what this library does not: keep-alive,
    /// Nagle's algorithm, the delay of acknowledgements, congestion control.
    /// What this makes the host send goes out with the next step.
    pub fn tcp_mut(&mut self, socket: TcpSocket) -> &mut tcp::Socket<'static> {
        let now = self.now;
        let host = self.host_mut(socket.host);
        host.wake(now);
        host.tcp_mut(socket.index)
    }

    fn tcp_socket(&mut self, host: HostId, buffers: Buffers) -> TcpSocket {
        let buffer = |len: usize| tcp::SocketBuffer::new(vec![0; len]);
        let socket =
            tcp::Socket::new(buffer(buffers.receive), buffer(buffers.send));
        let host_id = host.0;
        let host = self.host_mut(host_id);
        let handle = host.sockets.add(socket);
        host.connections.push(Connection::new(handle));
        TcpSocket { host: host_id, index: host.connections.len() - 1 }
    }

    /// What error a closed connection's end is; `None` for an orderly end.
    fn why_closed(&self, socket: TcpSocket) -> Option<io::Error> {
        let connection = &self.host(socket.host).connections[socket.index];
        let kind = match connection.end() {
            End::Orderly => return None,
            End::Refused => ErrorKind::ConnectionRefused,
            End::Reset => ErrorKind::ConnectionReset,
        };
        Some(kind.into())
    }
}

fn broken() -> io::Error {
    ErrorKind::BrokenPipe.into()
}
