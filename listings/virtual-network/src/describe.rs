//! A frame in words.

use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetProtocol, Icmpv6Message,
    Icmpv6Packet, IpProtocol, NdiscRepr,
};

use crate::frame::{Frame, Packet};
use crate::icmp::IcmpError;
use crate::mac::Mac;
use crate::segment::Segment;

/// What a segment's numbers are counted from: the first ones of its sender
/// and of its receiver; 0 where they are to be shown as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) seq: u32,
    pub(crate) ack: u32,
}

/// The frame in words, the most telling first. The innermost protocol that
/// can be read speaks; a frame that cannot be read tells its length.
pub(crate) fn describe(frame: &Frame, start: &Numbers) -> Vec<String> {
    if let Some(segment) = frame.tcp() {
        return tcp(&segment, start);
    }
    if let Some((from, to, data)) = frame.udp() {
        let ports = format!("{}→{}", from.port(), to.port());
        return vec!["UDP".into(), ports, format!("len {}", data.len())];
    }
    if let Some(words) = frame.ip().map(|packet| ip(&packet)) {
        return words;
    }
    arp(frame).unwrap_or_else(|| {
        vec!["Ethernet".into(), format!("len {}", frame.bytes().len())]
    })
}

fn tcp(segment: &Segment<'_>, start: &Numbers) -> Vec<String> {
    let Segment { source, destination, flags, .. } = segment;
    let mut words = vec![
        "TCP".into(),
        format!("{}→{}", source.port(), destination.port()),
        flags.to_string(),
        format!("seq {}", segment.seq.wrapping_sub(start.seq)),
    ];
    if flags.ack {
        words.push(format!("ack {}", segment.ack.wrapping_sub(start.ack)));
    }
    if !segment.payload.is_empty() {
        words.push(format!("len {}", segment.payload.len()));
    }
    if !flags.rst {
        words.push(format!("win {}", segment.window));
    }
    words
}

fn ip(packet: &Packet<'_>) -> Vec<String> {
    let route = format!("{}→{}", packet.source, packet.destination);
    // IPv6 has no time in its name (RFC 8200, section 3).
    let hops = if packet.destination.is_ipv6() { "hop limit" } else { "ttl" };
    let hops = format!("{hops} {}", packet.hop_limit);
    if let Some((offset, more)) = packet.fragment {
        let len = packet.payload.len();
        return vec![
            format!("IPv4 piece of {},", packet.protocol),
            format!("{len} bytes at {offset},"),
            if more { "more follow" } else { "the last" }.into(),
        ];
    }
    if let Some((error, _)) = IcmpError::read(packet) {
        return vec!["ICMP".into(), error.to_string(), route, hops];
    }
    let named = match packet.protocol {
        IpProtocol::Icmp => echo(packet.payload, 8, 0),
        IpProtocol::Icmpv6 => {
            if let Some(words) = ndp(packet) {
                return words;
            }
            echo(packet.payload, 128, 129)
        }
        _ => None,
    };
    named.map_or_else(
        || vec![format!("IP protocol {}", packet.protocol), route.clone()],
        |what| vec!["ICMP".into(), what, route.clone(), hops],
    )
}

/// An echo request or reply (RFC 792, RFC 4443 section 4) with its number.
fn echo(message: &[u8], request: u8, reply: u8) -> Option<String> {
    let &[kind, _, _, _, _, _, a, b] = message.first_chunk::<8>()?;
    let number = u16::from_be_bytes([a, b]);
    match kind {
        _ if kind == request => Some(format!("echo request {number}")),
        _ if kind == reply => Some(format!("echo reply {number}")),
        _ => None,
    }
}

/// IPv6's questions for a neighbour's Ethernet address (RFC 4861).
fn ndp(packet: &Packet<'_>) -> Option<Vec<String>> {
    let message = Icmpv6Packet::new_checked(packet.payload).ok()?;
    let what = match message.msg_type() {
        Icmpv6Message::NeighborSolicit | Icmpv6Message::NeighborAdvert => {
            NdiscRepr::parse(&message).ok()?
        }
        _ => return None,
    };
    Some(match what {
        NdiscRepr::NeighborSolicit { target_addr, .. } => vec![
            "NDP".into(),
            format!("who has {target_addr}?"),
            format!("tell {}", packet.source),
        ],
        NdiscRepr::NeighborAdvert { target_addr, lladdr, .. } => vec![
            "NDP".into(),
            format!("{target_addr} is at"),
            lladdr
                .and_then(|mac| mac.as_bytes().try_into().ok())
                .map_or_else(|| "?".into(), |mac| Mac(mac).to_string()),
        ],
        _ => return None,
    })
}

/// IPv4's questions for a neighbour's Ethernet address (RFC 826).
fn arp(frame: &Frame) -> Option<Vec<String>> {
    if frame.ethernet()?.ethertype() != EthernetProtocol::Arp {
        return None;
    }
    let packet = ArpPacket::new_checked(frame.payload()).ok()?;
    let ArpRepr::EthernetIpv4 {
        operation,
        source_hardware_addr: mac,
        source_protocol_addr: source,
        target_protocol_addr: target,
        ..
    } = ArpRepr::parse(&packet).ok()?
    else {
        return None;
    };
    match operation {
        ArpOperation::Request => Some(vec![
            "ARP".into(),
            format!("who has {target}?"),
            format!("tell {source}"),
        ]),
        ArpOperation::Reply => Some(vec![
            "ARP".into(),
            format!("{source} is at {}", Mac::from(mac)),
        ]),
        ArpOperation::Unknown(_) => None,
    }
}
