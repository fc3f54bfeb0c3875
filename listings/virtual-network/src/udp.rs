//! UDP sockets, with calls like those of std's sockets that do not block.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use smoltcp::socket::udp::{PacketBuffer, PacketMetadata, SendError, Socket};

use crate::error::{invalid, no_route};
use crate::id::{HostId, UdpSocket};
use crate::network::Network;

/// The longest data of a UDP datagram over IPv4: 65,535 bytes, less 20 for
/// IP's header and 8 for UDP's (RFC 768).
const LONGEST: usize = 65_507;

/// How many datagrams, and how many bytes, wait each way.
const DATAGRAMS: usize = 64;
const BYTES: usize = 2 * 65_536;

/// UDP. Each call takes effect at once: what it makes the host send is on the
/// link before the call returns.
impl Network {
    /// Takes a port of all the host's addresses; with port 0, a new one, of
    /// which 49152 is the first. Datagrams that come before they are taken
    /// wait: up to 64 of them, 131,072 bytes in all. Further ones are lost.
    ///
    /// # Errors
    ///
    /// `AddrInUse` if another socket of the host has the port.
    pub fn udp_bind(
        &mut self,
        host: HostId,
        port: u16,
    ) -> io::Result<UdpSocket> {
        let name = self.name(host).to_owned();
        let id = host.0;
        let host = self.host_mut(id);
        let port = if port == 0 { host.free_port() } else { port };
        let taken = host.udp.iter().any(|&handle| {
            host.sockets.get::<Socket<'_>>(handle).endpoint().port == port
        });
        if taken {
            let why = format!("UDP port {port} of {name} is taken");
            return Err(io::Error::new(ErrorKind::AddrInUse, why));
        }
        let buffer = || {
            let places = vec![PacketMetadata::EMPTY; DATAGRAMS];
            PacketBuffer::new(places, vec![0; BYTES])
        };
        let mut socket = Socket::new(buffer(), buffer());
        socket.bind(port).expect("a new socket takes any port but 0");
        let handle = host.sockets.add(socket);
        host.udp.push(handle);
        Ok(UdpSocket { host: id, index: host.udp.len() - 1 })
    }

    /// Sends one datagram.
    ///
    /// Over IPv4, one that does not fit the link's MTU goes in pieces
    /// (RFC 791, section 3.2), which the receiving host puts together.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is longer than 65,507 bytes, or over IPv6 longer
    /// than fits the link's MTU; `NetworkUnreachable` if the host has no
    /// route; `WouldBlock` if too many datagrams wait for an answer to ARP.
    pub fn udp_send_to(
        &mut self,
        socket: UdpSocket,
        data: &[u8],
        to: impl Into<SocketAddr>,
    ) -> io::Result<()> {
        let to = to.into();
        let host = self.host_mut(socket.host);
        // 48: the headers of IPv6 and UDP.
        let most = if to.is_ipv6() { host.mtu() - 48 } else { LONGEST };
        if data.len() > most {
            let len = data.len();
            let why = format!("a datagram has at most {most} bytes here");
            return Err(invalid(format!("{why}, not {len}")));
        }
        if !host.has_route(to.ip()) {
            let name = &self.nodes[socket.host].name;
            return Err(no_route(name, to.ip()));
        }
        let sent = host.udp_mut(socket.index).send_slice(data, to);
        self.wake(socket.host);
        sent.map_err(|e| match e {
            SendError::BufferFull => ErrorKind::WouldBlock.into(),
            SendError::Unaddressable => invalid(format!("cannot send to {to}")),
        })
    }

    /// Takes the next datagram that has come, and says who sent it.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is none. That nobody listens where a datagram
    /// went is no error here, see [`icmp_reports`](Self::icmp_reports).
    pub fn udp_recv_from(
        &mut self,
        socket: UdpSocket,
    ) -> io::Result<(Vec<u8>, SocketAddr)> {
        let socket = self.host_mut(socket.host).udp_mut(socket.index);
        match socket.recv() {
            Ok((data, from)) => Ok((data.to_vec(), from.endpoint.into())),
            Err(_) => Err(ErrorKind::WouldBlock.into()),
        }
    }
}
