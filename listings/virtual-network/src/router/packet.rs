//! What a router reads in an IP packet, and changes in it.

use std::net::IpAddr;

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{IpProtocol, IpRepr, Ipv4Packet, Ipv6Address, Ipv6Packet};

use crate::frame::Packet;
use crate::icmp;

/// The packet's header, if it is whole and (IPv4) its checksum is right.
pub(super) fn read(bytes: &[u8]) -> Option<Packet<'_>> {
    match bytes.first()? >> 4 {
        4 => {
            let packet = Packet::v4(bytes)?;
            let header = Ipv4Packet::new_unchecked(bytes);
            header.verify_checksum().then_some(packet)
        }
        6 => Packet::v6(bytes),
        _ => None,
    }
}

/// Whether routers pass such a packet on: from one host to one host, neither
/// of them being a link-local address (RFC 1812, section 5.3.5 and 5.3.7;
/// RFC 4291, section 2.5.6).
pub(super) fn may_be_forwarded(from: IpAddr, to: IpAddr) -> bool {
    is_one_host(from) && is_one_host(to)
}

fn is_one_host(address: IpAddr) -> bool {
    let special = match address {
        IpAddr::V4(v4) => v4.is_broadcast() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    !special && !address.is_unspecified() && !address.is_multicast()
}

/// The header of a packet about which an ICMP error may be sent: not an error
/// itself, not a later piece, from one host to one host (RFC 1812, section
/// 4.3.2.7; RFC 4443, section 2.4).
pub(super) fn may_be_refused(bytes: &[u8]) -> Option<Packet<'_>> {
    let header = read(bytes)?;
    let first = header.fragment.is_none_or(|(offset, _)| offset == 0);
    let kind = header.payload.first().copied().unwrap_or(0);
    let is_error = match header.protocol {
        IpProtocol::Icmp => matches!(kind, 3 | 4 | 5 | 11 | 12),
        IpProtocol::Icmpv6 => kind < 128,
        _ => false,
    };
    let plain = may_be_forwarded(header.source, header.destination);
    (first && !is_error && plain).then_some(header)
}

/// Whether a router may cut the packet into pieces: IPv4 without the flag
/// "don't fragment" (RFC 791, section 3.1), never IPv6 (RFC 8200, section 5).
pub(super) fn may_be_cut(bytes: &[u8]) -> bool {
    bytes[0] >> 4 == 4 && !Ipv4Packet::new_unchecked(bytes).dont_frag()
}

/// Counts one hop down, and mends the checksum of an IPv4 header.
pub(super) fn lower_hop_limit(bytes: &mut [u8]) {
    if bytes[0] >> 4 == 4 {
        let mut packet = Ipv4Packet::new_unchecked(bytes);
        let hops = packet.hop_limit();
        packet.set_hop_limit(hops - 1);
        packet.fill_checksum();
    } else {
        let mut packet = Ipv6Packet::new_unchecked(bytes);
        let hops = packet.hop_limit();
        packet.set_hop_limit(hops - 1);
    }
}

/// An IP packet around `payload`. Both addresses are of one version.
pub(super) fn build(
    from: IpAddr,
    to: IpAddr,
    protocol: IpProtocol,
    hop_limit: u8,
    payload: &[u8],
) -> Vec<u8> {
    let header =
        IpRepr::new(from.into(), to.into(), protocol, payload.len(), hop_limit);
    let mut bytes = vec![0; header.header_len()];
    header.emit(&mut bytes, &ChecksumCapabilities::default());
    bytes.extend_from_slice(payload);
    bytes
}

/// The reply to an echo request (RFC 792, RFC 4443 section 4.2), or `None` if
/// `request` is something else.
pub(super) fn echo_reply(request: &[u8], hop_limit: u8) -> Option<Vec<u8>> {
    let header = read(request)?;
    let v6 = header.source.is_ipv6();
    let (question, answer) = if v6 { (128, 129) } else { (8, 0) };
    let header = header.carrying(icmp::protocol(v6))?;
    if header.payload.len() < 8 || header.payload[0] != question {
        return None;
    }
    let (from, to) = (header.destination, header.source);
    let mut message = header.payload.to_vec();
    message[0] = answer;
    icmp::fill_checksum(from, to, &mut message);
    Some(build(from, to, header.protocol, hop_limit, &message))
}

/// The group in which a neighbour with `address` listens for questions
/// (RFC 4291, section 2.7.1).
pub(super) fn solicited_node(address: Ipv6Address) -> Ipv6Address {
    let [.., a, b, c] = address.octets();
    let low = u16::from_be_bytes([b, c]);
    Ipv6Address::new(0xff02, 0, 0, 0, 0, 1, 0xff00 | u16::from(a), low)
}
