//! One TCP segment (RFC 9293, section 3.1).

use std::fmt;
use std::net::SocketAddr;

use smoltcp::wire::{IpProtocol, TcpPacket};

use crate::frame::Packet;

/// A TCP segment: its header, and the data it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The sender's address and port.
    pub source: SocketAddr,
    /// The receiver's address and port.
    pub destination: SocketAddr,
    /// The control bits.
    pub flags: Flags,
    /// The sequence number of the first byte (or of the SYN), as it is on the
    /// wire.
    pub seq: u32,
    /// The number that the sender expects next; it counts only if
    /// `flags.ack` is set.
    pub ack: u32,
    /// The window field, not scaled: how many bytes (in units of the scale
    /// that the handshake agreed, RFC 7323, section 2) the sender can take.
    pub window: u16,
    /// The data.
    pub payload: &'a [u8],
}

impl<'a> Segment<'a> {
    pub(crate) fn read(packet: &Packet<'a>) -> Option<Self> {
        let packet = packet.carrying(IpProtocol::Tcp)?;
        let tcp = TcpPacket::new_checked(packet.payload).ok()?;
        Some(Self {
            source: SocketAddr::new(packet.source, tcp.src_port()),
            destination: SocketAddr::new(packet.destination, tcp.dst_port()),
            flags: Flags {
                syn: tcp.syn(),
                fin: tcp.fin(),
                rst: tcp.rst(),
                psh: tcp.psh(),
                ack: tcp.ack(),
            },
            seq: tcp.seq_number().0 as u32,
            ack: tcp.ack_number().0 as u32,
            window: tcp.window_len(),
            payload: tcp.payload(),
        })
    }
}

/// The control bits of a segment. Printed as `SYN+ACK`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Synchronise sequence numbers: the first segment each way.
    pub syn: bool,
    /// No more data from the sender.
    pub fin: bool,
    /// Reset the connection.
    pub rst: bool,
    /// Push: hand the data on to the program.
    pub psh: bool,
    /// The acknowledgement number counts.
    pub ack: bool,
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = [
            (self.syn, "SYN"),
            (self.fin, "FIN"),
            (self.rst, "RST"),
            (self.psh, "PSH"),
            (self.ack, "ACK"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
        .collect();
        f.pad(&names.join("+"))
    }
}
