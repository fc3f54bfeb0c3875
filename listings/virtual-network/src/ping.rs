//! Ping: an echo request, and what comes back.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::socket::icmp::{Endpoint, PacketBuffer, PacketMetadata, Socket};
use smoltcp::wire::{
    Icmpv4Packet, Icmpv4Repr, Icmpv6Packet, Icmpv6Repr, IpAddress,
};

use crate::error::{invalid, no_route};
use crate::host::Host;
use crate::icmp::IcmpError;
use crate::id::HostId;
use crate::network::Network;

/// How long a ping waits for its answer: longer than a router asks for a
/// neighbour that is not there.
const WAIT: Duration = Duration::from_secs(5);

/// What an echo request carries.
const DATA: &[u8; 32] = b"abcdefghijklmnopqrstuvwabcdefghi";

/// What came of a ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ping {
    /// The host addressed replied.
    Reply {
        /// Who replied.
        from: IpAddr,
        /// The time from the request to the reply, ARP included.
        after: Duration,
    },
    /// A router, or the host addressed, sent an error.
    Error {
        /// Who sent it.
        from: IpAddr,
        /// What it says.
        error: IcmpError,
        /// The time from the request to the error, ARP included.
        after: Duration,
    },
    /// Nothing came back within 5 s.
    Silence,
}

impl Network {
    /// Sends an echo request of 32 bytes (RFC 792; RFC 4443, section 4.1)
    /// that at most `hop_limit - 1` routers may pass on, and lets time pass
    /// until an answer comes, for at most 5 s. A host's default is 64.
    ///
    /// # Errors
    ///
    /// `NetworkUnreachable` if the host has no route; `InvalidInput` for the
    /// hop limit 0, which no host may send (RFC 1122, section 3.2.1.7).
    pub fn ping(
        &mut self,
        host: HostId,
        to: impl Into<IpAddr>,
        hop_limit: u8,
    ) -> io::Result<Ping> {
        let to = to.into();
        if hop_limit == 0 {
            return Err(invalid("a hop limit is at least 1".into()));
        }
        if !self.host(host.0).has_route(to) {
            return Err(no_route(self.name(host), to));
        }
        let sent = self.now();
        // One identifier a host, and one number a ping.
        let id = host.0 as u16 + 1;
        let node = self.host_mut(host.0);
        let number = node.next_ping();
        let reports = node.reports.len();
        let socket = echo_socket(node, id);
        socket.set_hop_limit(Some(hop_limit));
        send(socket, to, id, number)?;
        self.wake(host.0);
        let mut answer = Ping::Silence;
        self.run_until(
            |net| {
                let after = net.now() - sent;
                let node = net.host_mut(host.0);
                let error = node.reports[reports..]
                    .iter()
                    .find(|report| report.echo() == Some((id, number)));
                if let Some(report) = error {
                    let (from, error) = (report.from, report.error);
                    answer = Ping::Error { from, error, after };
                } else if let Some(from) = reply(echo_socket(node, id), number)
                {
                    answer = Ping::Reply { from, after };
                }
                answer != Ping::Silence
            },
            WAIT,
        );
        if answer == Ping::Silence {
            self.run_for((sent + WAIT).saturating_sub(self.now()));
        }
        Ok(answer)
    }
}

/// The socket that sends echo requests and takes the replies, made when it is
/// first asked for.
fn echo_socket(host: &mut Host, id: u16) -> &mut Socket<'static> {
    let handle = *host.echo.get_or_insert_with(|| {
        let buffer = || {
            let places = vec![PacketMetadata::EMPTY; 16];
            PacketBuffer::new(places, vec![0; 4096])
        };
        let mut socket = Socket::new(buffer(), buffer());
        socket.bind(Endpoint::Ident(id)).expect("a new socket is not bound");
        host.sockets.add(socket)
    });
    host.sockets.get_mut(handle)
}

fn send(
    socket: &mut Socket<'_>,
    to: IpAddr,
    ident: u16,
    seq_no: u16,
) -> io::Result<()> {
    let data = &DATA[..];
    let checksums = ChecksumCapabilities::default();
    let full = || io::Error::other("too many echo requests wait for ARP");
    let to = IpAddress::from(to);
    let len = 8 + data.len();
    let bytes = socket.send(len, to).map_err(|_| full())?;
    match to {
        IpAddress::Ipv4(_) => {
            let request = Icmpv4Repr::EchoRequest { ident, seq_no, data };
            let mut packet = Icmpv4Packet::new_unchecked(bytes);
            request.emit(&mut packet, &checksums);
        }
        IpAddress::Ipv6(to) => {
            let request = Icmpv6Repr::EchoRequest { ident, seq_no, data };
            let mut packet = Icmpv6Packet::new_unchecked(bytes);
            // The socket fills the checksum in, once it knows the source.
            request.emit(&to, &to, &mut packet, &checksums);
        }
    }
    Ok(())
}

/// Who sent the reply with this number, if it has come.
fn reply(socket: &mut Socket<'_>, number: u16) -> Option<IpAddr> {
    while let Ok((message, from)) = socket.recv() {
        if let Some(&[0 | 129, _, _, _, _, _, a, b]) =
            message.first_chunk::<8>()
            && u16::from_be_bytes([a, b]) == number
        {
            return Some(from.into());
        }
    }
    None
}

impl fmt::Display for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply { from, after } => {
                write!(f, "reply from {from} after {} ms", after.as_millis())
            }
            Self::Error { from, error, after } => {
                let ms = after.as_millis();
                write!(f, "{error}, says {from} after {ms} ms")
            }
            Self::Silence => f.pad("no answer within 5 s"),
        }
    }
}
