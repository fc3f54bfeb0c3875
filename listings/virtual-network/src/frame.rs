//! One Ethernet frame, and what can be read in it.

use std::net::{IpAddr, SocketAddr};

use smoltcp::wire::{
    EthernetAddress, EthernetFrame, EthernetProtocol, IpProtocol, Ipv4Packet,
    Ipv6Packet, UdpPacket,
};

use crate::segment::Segment;

/// The length of an Ethernet header, in bytes: two addresses and a type.
pub(crate) const ETHERNET_HEADER: usize = 14;

/// An Ethernet II frame: a header of 14 bytes and a payload.
///
/// It has neither the preamble nor the check sequence, which a network card
/// adds, and a short frame is not padded to Ethernet's 60 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Vec<u8>);

impl Frame {
    /// Takes `bytes` as a frame, whatever they are.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Puts an Ethernet header before `payload`.
    pub(crate) fn wrap(
        from: EthernetAddress,
        to: EthernetAddress,
        protocol: EthernetProtocol,
        payload: &[u8],
    ) -> Self {
        let mut bytes = vec![0; ETHERNET_HEADER];
        let mut header = EthernetFrame::new_unchecked(&mut bytes);
        header.set_src_addr(from);
        header.set_dst_addr(to);
        header.set_ethertype(protocol);
        bytes.extend_from_slice(payload);
        Self(bytes)
    }

    /// All bytes, from the destination's address on.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes after the Ethernet header: what a link's MTU limits.
    pub fn payload(&self) -> &[u8] {
        self.0.get(ETHERNET_HEADER..).unwrap_or(&[])
    }

    /// The Ethernet header, or `None` where the frame is too short for one.
    pub fn ethernet(&self) -> Option<EthernetFrame<&[u8]>> {
        EthernetFrame::new_checked(self.bytes()).ok()
    }

    /// The IPv4 (RFC 791) or IPv6 (RFC 8200) packet in the frame, if any.
    pub fn ip(&self) -> Option<Packet<'_>> {
        match self.ethernet()?.ethertype() {
            EthernetProtocol::Ipv4 => Packet::v4(self.payload()),
            EthernetProtocol::Ipv6 => Packet::v6(self.payload()),
            _ => None,
        }
    }

    /// The TCP segment in the frame, if there is a whole one.
    pub fn tcp(&self) -> Option<Segment<'_>> {
        Segment::read(&self.ip()?)
    }

    /// The UDP datagram in the frame, if there is a whole one: where it is
    /// from, where it goes, and its data.
    pub fn udp(&self) -> Option<(SocketAddr, SocketAddr, &[u8])> {
        let ip = self.ip()?.carrying(IpProtocol::Udp)?;
        let udp = UdpPacket::new_checked(ip.payload).ok()?;
        Some((
            SocketAddr::new(ip.source, udp.src_port()),
            SocketAddr::new(ip.destination, udp.dst_port()),
            udp.payload(),
        ))
    }

    /// Whether this is an ARP question or answer (RFC 826).
    pub fn is_arp(&self) -> bool {
        self.ethernet().is_some_and(|f| f.ethertype() == EthernetProtocol::Arp)
    }

    /// Whether this is a UDP datagram.
    pub fn is_udp(&self) -> bool {
        self.udp().is_some()
    }

    /// Whether this is the first segment of a TCP handshake: SYN, no ACK.
    pub fn is_syn(&self) -> bool {
        self.tcp().is_some_and(|s| s.flags.syn && !s.flags.ack)
    }

    /// Whether this is the second segment of a TCP handshake: SYN and ACK.
    pub fn is_syn_ack(&self) -> bool {
        self.tcp().is_some_and(|s| s.flags.syn && s.flags.ack)
    }

    /// Whether this is a TCP segment with FIN set.
    pub fn is_fin(&self) -> bool {
        self.tcp().is_some_and(|s| s.flags.fin)
    }

    /// Whether this is a TCP segment that carries data.
    pub fn has_data(&self) -> bool {
        self.tcp().is_some_and(|s| !s.payload.is_empty())
    }
}

/// An IP packet's header, in the words of both versions, and its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The sender's address.
    pub source: IpAddr,
    /// The receiver's address.
    pub destination: IpAddr,
    /// What the payload is: TCP, UDP, ICMP, … (IPv6: the next header).
    pub protocol: IpProtocol,
    /// How many routers may still pass it on: IPv4's time to live (TTL),
    /// IPv6's hop limit.
    pub hop_limit: u8,
    /// For a piece of a packet (RFC 791, section 3.2), the offset of its first
    /// byte and whether more pieces follow. IPv6 packets are never cut here.
    pub fragment: Option<(u16, bool)>,
    /// The bytes after the IP header.
    pub payload: &'a [u8],
}

impl<'a> Packet<'a> {
    pub(crate) fn v4(bytes: &'a [u8]) -> Option<Self> {
        let packet = Ipv4Packet::new_checked(bytes).ok()?;
        let piece = packet.more_frags() || packet.frag_offset() > 0;
        Some(Self {
            source: packet.src_addr().into(),
            destination: packet.dst_addr().into(),
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            fragment: piece
                .then(|| (packet.frag_offset(), packet.more_frags())),
            payload: packet.payload(),
        })
    }

    pub(crate) fn v6(bytes: &'a [u8]) -> Option<Self> {
        let packet = Ipv6Packet::new_checked(bytes).ok()?;
        Some(Self {
            source: packet.src_addr().into(),
            destination: packet.dst_addr().into(),
            protocol: packet.next_header(),
            hop_limit: packet.hop_limit(),
            fragment: None,
            payload: packet.payload(),
        })
    }

    /// Itself, if it is a whole packet that carries `protocol`.
    pub(crate) fn carrying(self, protocol: IpProtocol) -> Option<Self> {
        (self.protocol == protocol && self.fragment.is_none()).then_some(self)
    }
}
