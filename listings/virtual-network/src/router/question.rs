//! The messages with which neighbours ask for Ethernet addresses, and answer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetProtocol,
    Icmpv6Packet, Icmpv6Repr, IpProtocol, NdiscNeighborFlags, NdiscRepr,
};

use super::Port;
use super::packet::{build, solicited_node};
use crate::frame::Frame;

/// The question for the Ethernet address of `address`, to everybody on the
/// link (IPv6: to those whom it may concern).
pub(super) fn who_has(port: &Port, address: IpAddr) -> Option<Frame> {
    Some(match (port.address(address)?, address) {
        (IpAddr::V4(own), IpAddr::V4(target)) => {
            let all = EthernetAddress::BROADCAST;
            arp(port, ArpOperation::Request, own, target, all)
        }
        (IpAddr::V6(own), IpAddr::V6(target)) => {
            let question = NdiscRepr::NeighborSolicit {
                target_addr: target,
                lladdr: Some(port.mac.into()),
            };
            let group = solicited_node(target);
            let [.., a, b, c, d] = group.octets();
            let mac = EthernetAddress([0x33, 0x33, a, b, c, d]);
            ndp(port, own, group, mac, question)
        }
        _ => return None,
    })
}

/// The answer to such a question from `to`, whose Ethernet address is `mac`.
pub(super) fn it_is_me(
    port: &Port,
    own: IpAddr,
    to: IpAddr,
    mac: EthernetAddress,
) -> Option<Frame> {
    match (own, to) {
        (IpAddr::V6(own), IpAddr::V6(to)) => {
            let answer = NdiscRepr::NeighborAdvert {
                flags: NdiscNeighborFlags::ROUTER
                    | NdiscNeighborFlags::SOLICITED
                    | NdiscNeighborFlags::OVERRIDE,
                target_addr: own,
                lladdr: Some(port.mac.into()),
            };
            Some(ndp(port, own, to, mac, answer))
        }
        (IpAddr::V4(own), IpAddr::V4(to)) => {
            Some(arp(port, ArpOperation::Reply, own, to, mac))
        }
        _ => None,
    }
}

fn arp(
    port: &Port,
    operation: ArpOperation,
    own: Ipv4Addr,
    target: Ipv4Addr,
    to: EthernetAddress,
) -> Frame {
    let message = ArpRepr::EthernetIpv4 {
        operation,
        source_hardware_addr: port.mac,
        source_protocol_addr: own,
        target_hardware_addr: to,
        target_protocol_addr: target,
    };
    let mut bytes = vec![0; message.buffer_len()];
    message.emit(&mut ArpPacket::new_unchecked(&mut bytes));
    Frame::wrap(port.mac, to, EthernetProtocol::Arp, &bytes)
}

fn ndp(
    port: &Port,
    own: Ipv6Addr,
    to: Ipv6Addr,
    mac: EthernetAddress,
    message: NdiscRepr<'_>,
) -> Frame {
    let message = Icmpv6Repr::Ndisc(message);
    let mut bytes = vec![0; message.buffer_len()];
    message.emit(
        &own,
        &to,
        &mut Icmpv6Packet::new_unchecked(&mut bytes[..]),
        &ChecksumCapabilities::default(),
    );
    let protocol = IpProtocol::Icmpv6;
    let packet = build(own.into(), to.into(), protocol, 255, &bytes);
    Frame::wrap(port.mac, mac, EthernetProtocol::Ipv6, &packet)
}
