//! ICMP's errors (RFC 792, RFC 4443): built by routers, read by hosts.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use smoltcp::wire::{Icmpv6Packet, IpProtocol, checksum};

use crate::frame::Packet;

/// Why a packet did not arrive, as an ICMP message says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IcmpError {
    /// No route leads there (RFC 792 code 0; RFC 4443 type 1 code 0).
    NetworkUnreachable,
    /// Nobody answers the last router's ARP or neighbour question.
    HostUnreachable,
    /// The host does not speak the packet's protocol.
    ProtocolUnreachable,
    /// Nothing is bound to the port.
    PortUnreachable,
    /// The packet is larger than the next link's MTU, in bytes, and may not
    /// be cut (RFC 1191, section 4; RFC 4443, section 3.2).
    TooBig {
        /// The next link's MTU in bytes.
        mtu: u32,
    },
    /// The hop limit ran out on the way.
    TimeExceeded,
}

impl IcmpError {
    /// The type, the code, and the word that follows the checksum.
    fn numbers(self, v6: bool) -> (u8, u8, u32) {
        match (self, v6) {
            (Self::NetworkUnreachable, false) => (3, 0, 0),
            (Self::HostUnreachable, false) => (3, 1, 0),
            (Self::ProtocolUnreachable, false) => (3, 2, 0),
            (Self::PortUnreachable, false) => (3, 3, 0),
            (Self::TooBig { mtu }, false) => (3, 4, mtu),
            (Self::TimeExceeded, false) => (11, 0, 0),
            (Self::NetworkUnreachable, true) => (1, 0, 0),
            (Self::HostUnreachable, true) => (1, 3, 0),
            // Parameter problem, unknown next header: the field is at byte 6.
            (Self::ProtocolUnreachable, true) => (4, 1, 6),
            (Self::PortUnreachable, true) => (1, 4, 0),
            (Self::TooBig { mtu }, true) => (2, 0, mtu),
            (Self::TimeExceeded, true) => (3, 0, 0),
        }
    }

    fn from_numbers(v6: bool, kind: u8, code: u8, word: u32) -> Option<Self> {
        [
            Self::NetworkUnreachable,
            Self::HostUnreachable,
            Self::ProtocolUnreachable,
            Self::PortUnreachable,
            Self::TooBig { mtu: word },
            Self::TimeExceeded,
        ]
        .into_iter()
        .find(|error| {
            let (its_kind, its_code, _) = error.numbers(v6);
            (its_kind, its_code) == (kind, code)
        })
    }

    /// The error that `packet` reports, and the head of the packet that it is
    /// about: its IP header and at least 8 bytes more.
    pub(crate) fn read<'a>(packet: &Packet<'a>) -> Option<(Self, &'a [u8])> {
        let v6 = packet.destination.is_ipv6();
        packet.carrying(protocol(v6))?;
        let (&[kind, code, _, _, a, b, c, d], quote) =
            packet.payload.split_first_chunk::<8>()?;
        let word = u32::from_be_bytes([a, b, c, d]);
        Some((Self::from_numbers(v6, kind, code, word)?, quote))
    }

    /// The ICMP message, from `source` to `destination`, about the IP packet
    /// `about`.
    pub(crate) fn message(
        self,
        source: IpAddr,
        destination: IpAddr,
        about: &[u8],
    ) -> Vec<u8> {
        // The whole message stays within 576 bytes (RFC 1812, section 4.3.2.3)
        // or 1280 (RFC 4443, section 2.4).
        let room =
            if about[0] >> 4 == 6 { 1280 - 40 - 8 } else { 576 - 20 - 8 };
        let (kind, code, word) = self.numbers(destination.is_ipv6());
        let mut message = vec![kind, code, 0, 0];
        message.extend_from_slice(&word.to_be_bytes());
        message.extend_from_slice(&about[..about.len().min(room)]);
        fill_checksum(source, destination, &mut message);
        message
    }
}

/// An ICMP error that came to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpReport {
    /// When it came, since the network was made.
    pub time: Duration,
    /// Who sent it: a router on the way, or the host addressed.
    pub from: IpAddr,
    /// What it says.
    pub error: IcmpError,
    /// The head of the packet that it is about: the IP header, and at least 8
    /// bytes more.
    pub about: Vec<u8>,
}

impl IcmpReport {
    pub(crate) fn read(time: Duration, packet: &Packet<'_>) -> Option<Self> {
        let (error, about) = IcmpError::read(packet)?;
        let (from, about) = (packet.source, about.to_vec());
        Some(Self { time, from, error, about })
    }

    /// The identifier and the number of the echo request that it is about.
    pub(crate) fn echo(&self) -> Option<(u16, u16)> {
        let first = *self.about.first()?;
        let header = if first >> 4 == 6 { 40 } else { (first & 15) * 4 };
        let message = self.about.get(usize::from(header)..)?;
        let &[kind, _, _, _, a, b, c, d] = message.first_chunk::<8>()?;
        let ids = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        matches!(kind, 8 | 128).then_some(ids)
    }
}

/// ICMP's protocol number in an IPv4 or an IPv6 header.
pub(crate) fn protocol(v6: bool) -> IpProtocol {
    if v6 { IpProtocol::Icmpv6 } else { IpProtocol::Icmp }
}

/// Writes the checksum into an ICMP message. ICMPv6 covers the addresses too
/// (RFC 4443, section 2.3).
pub(crate) fn fill_checksum(from: IpAddr, to: IpAddr, message: &mut [u8]) {
    match (from, to) {
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            Icmpv6Packet::new_unchecked(message).fill_checksum(&from, &to);
        }
        _ => {
            message[2..4].fill(0);
            let sum = !checksum::data(message);
            message[2..4].copy_from_slice(&sum.to_be_bytes());
        }
    }
}

impl fmt::Display for IcmpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NetworkUnreachable => f.pad("network unreachable"),
            Self::HostUnreachable => f.pad("host unreachable"),
            Self::ProtocolUnreachable => f.pad("protocol unreachable"),
            Self::PortUnreachable => f.pad("port unreachable"),
            Self::TooBig { mtu } => write!(f, "packet too big, MTU {mtu}"),
            Self::TimeExceeded => f.pad("time exceeded"),
        }
    }
}
