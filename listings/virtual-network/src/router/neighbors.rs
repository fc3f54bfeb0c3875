//! Who is on the router's links: ARP (RFC 826) for IPv4, neighbour discovery
//! (RFC 4861, section 7) for IPv6.

use std::collections::BTreeMap;
use std::net::IpAddr;

use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetProtocol,
    Icmpv6Packet, IpProtocol, NdiscRepr,
};

use super::fragment::fragments;
use super::question::{it_is_me, who_has};
use super::{Out, Port, ethernet_protocol};
use crate::frame::Frame;

/// How often a neighbour is asked, and how long each time it has to answer
/// (RFC 4861, section 10: MAX_MULTICAST_SOLICIT, RETRANS_TIMER; Linux takes
/// the same for ARP).
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_millis(1000);

/// A packet that waits for its next hop's Ethernet address, and the port at
/// which it came in.
type Waiting = (usize, Vec<u8>);

/// What is known of the neighbours, by port and address. It is never
/// forgotten, only replaced.
#[derive(Default)]
pub(super) struct Neighbors {
    known: BTreeMap<(usize, IpAddr), EthernetAddress>,
    asked: BTreeMap<(usize, IpAddr), Question>,
}

struct Question {
    tries: u32,
    again_at: Instant,
    packets: Vec<Waiting>,
}

impl Neighbors {
    pub(super) fn known(
        &self,
        port: usize,
        address: IpAddr,
    ) -> Option<EthernetAddress> {
        self.known.get(&(port, address)).copied()
    }

    /// Asks who has `address`, and keeps the packet until there is an answer.
    pub(super) fn ask(
        &mut self,
        now: Instant,
        (number, port): (usize, &Port),
        address: IpAddr,
        packet: Waiting,
    ) -> Vec<Out> {
        if let Some(question) = self.asked.get_mut(&(number, address)) {
            question.packets.push(packet);
            return Vec::new();
        }
        let question =
            Question { tries: 1, again_at: now + WAIT, packets: vec![packet] };
        self.asked.insert((number, address), question);
        who_has(port, address).map(|f| (number, f)).into_iter().collect()
    }

    /// When the next question is to be asked again.
    pub(super) fn due(&self) -> Option<Instant> {
        self.asked.values().map(|question| question.again_at).min()
    }

    /// Asks again where an answer is late. Also gives the packets for whose
    /// next hop no answer came at all.
    pub(super) fn poll(
        &mut self,
        now: Instant,
        ports: &[Port],
    ) -> (Vec<Out>, Vec<Waiting>) {
        let mut out = Vec::new();
        let mut given_up = Vec::new();
        self.asked.retain(|&(port, address), question| {
            if question.again_at > now {
                return true;
            }
            if question.tries == TRIES {
                given_up.append(&mut question.packets);
                return false;
            }
            question.tries += 1;
            question.again_at = now + WAIT;
            out.extend(who_has(&ports[port], address).map(|f| (port, f)));
            true
        });
        (out, given_up)
    }

    /// Takes note of what a neighbour says in `frame`: answers its question,
    /// and sends what waited for its address. `None` if the frame has
    /// nothing to do with it.
    pub(super) fn hear(
        &mut self,
        number: usize,
        port: &Port,
        frame: &Frame,
    ) -> Option<Vec<Out>> {
        let (heard, question) = match frame.ethernet()?.ethertype() {
            EthernetProtocol::Arp => hear_arp(port, frame)?,
            EthernetProtocol::Ipv6 => hear_ndp(port, frame)?,
            _ => return None,
        };
        let mut out = Vec::new();
        let Some((address, mac)) = heard else { return Some(out) };
        self.known.insert((number, address), mac);
        if let Some(asked_for) = question {
            let answer = it_is_me(port, asked_for, address, mac);
            out.extend(answer.map(|frame| (number, frame)));
        }
        if let Some(question) = self.asked.remove(&(number, address)) {
            let protocol = ethernet_protocol(address);
            let packets = question.packets.into_iter();
            out.extend(
                packets
                    .flat_map(|(_, packet)| fragments(packet, port.mtu))
                    .map(|piece| {
                        let (from, to) = (port.mac, mac);
                        (number, Frame::wrap(from, to, protocol, &piece))
                    }),
            );
        }
        Some(out)
    }
}

/// Who speaks, if it is meant for this port; and which of the port's
/// addresses is asked for.
type Heard = (Option<(IpAddr, EthernetAddress)>, Option<IpAddr>);

fn hear_arp(port: &Port, frame: &Frame) -> Option<Heard> {
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
    if !has(port, target.into()) {
        return Some((None, None));
    }
    let asked = (operation == ArpOperation::Request).then_some(target.into());
    Some((Some((source.into(), mac)), asked))
}

fn hear_ndp(port: &Port, frame: &Frame) -> Option<Heard> {
    let packet = frame.ip()?.carrying(IpProtocol::Icmpv6)?;
    let message = Icmpv6Packet::new_checked(packet.payload).ok()?;
    if !message.msg_type().is_ndisc() {
        return None;
    }
    let (IpAddr::V6(from), IpAddr::V6(to)) =
        (packet.source, packet.destination)
    else {
        return None;
    };
    let sender = frame.ethernet()?.src_addr();
    let valid = packet.hop_limit == 255 && message.verify_checksum(&from, &to);
    Some(match NdiscRepr::parse(&message).ok()? {
        NdiscRepr::NeighborSolicit { target_addr, .. }
            if valid && has(port, target_addr.into()) =>
        {
            (Some((from.into(), sender)), Some(target_addr.into()))
        }
        NdiscRepr::NeighborAdvert { target_addr, .. } if valid => {
            (Some((target_addr.into(), sender)), None)
        }
        _ => (None, None),
    })
}

fn has(port: &Port, address: IpAddr) -> bool {
    port.addresses.iter().any(|own| IpAddr::from(own.address()) == address)
}
