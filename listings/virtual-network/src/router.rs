//! A router: takes a packet in at one port, and sends it out at another.

mod fragment;
mod neighbors;
mod packet;
mod question;
mod table;

use std::net::IpAddr;

use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, EthernetProtocol, IpCidr, IpProtocol};

use crate::frame::Frame;
use crate::icmp::{self, IcmpError};
use fragment::fragments;
use neighbors::Neighbors;

/// Hop limit of what a router sends itself: the default that IANA recommends.
const HOP_LIMIT: u8 = 64;

/// A port: an Ethernet address, and addresses on one network.
pub(crate) struct Port {
    pub(crate) mac: EthernetAddress,
    pub(crate) addresses: Vec<IpCidr>,
    pub(crate) mtu: usize,
}

impl Port {
    /// Its own address of the same version as `like`.
    fn address(&self, like: IpAddr) -> Option<IpAddr> {
        self.addresses
            .iter()
            .map(|own| IpAddr::from(own.address()))
            .find(|own| own.is_ipv4() == like.is_ipv4())
    }
}

/// A frame, and the port through which it goes.
pub(crate) type Out = (usize, Frame);

/// A router for IPv4 (RFC 1812) and IPv6 (RFC 8200). It sends no redirects
/// and no router advertisements, and forwards neither broadcast nor multicast.
#[derive(Default)]
pub(crate) struct Router {
    pub(crate) ports: Vec<Port>,
    /// Networks beyond another router, and that router's address.
    pub(crate) routes: Vec<(IpCidr, IpAddr)>,
    neighbors: Neighbors,
}

impl Router {
    /// Takes a frame in, and gives what goes out because of it.
    pub(crate) fn receive(
        &mut self,
        now: Instant,
        port: usize,
        frame: &Frame,
    ) -> Vec<Out> {
        let Some(header) = frame.ethernet() else { return Vec::new() };
        let mine = header.dst_addr() == self.ports[port].mac;
        if !mine && header.dst_addr().is_unicast() {
            return Vec::new();
        }
        if let Some(out) = self.neighbors.hear(port, &self.ports[port], frame) {
            return out;
        }
        if mine { self.handle(now, port, frame.payload()) } else { Vec::new() }
    }

    /// When a neighbour is to be asked again.
    pub(crate) fn due(&self) -> Option<Instant> {
        self.neighbors.due()
    }

    /// Asks neighbours again, and gives up on those that stay silent.
    pub(crate) fn poll(&mut self, now: Instant) -> Vec<Out> {
        let (mut out, given_up) = self.neighbors.poll(now, &self.ports);
        for (from, packet) in given_up {
            out.extend(self.refuse(
                now,
                from,
                &packet,
                IcmpError::HostUnreachable,
            ));
        }
        out
    }

    fn handle(&mut self, now: Instant, port: usize, bytes: &[u8]) -> Vec<Out> {
        let Some(header) = packet::read(bytes) else { return Vec::new() };
        if self.is_mine(header.destination) {
            return self.answer(now, port, bytes);
        }
        if !packet::may_be_forwarded(header.source, header.destination) {
            return Vec::new();
        }
        if self.is_directed_broadcast(header.destination) {
            return Vec::new();
        }
        if header.hop_limit <= 1 {
            return self.refuse(now, port, bytes, IcmpError::TimeExceeded);
        }
        let Some((out, next_hop)) = self.route(header.destination) else {
            let error = IcmpError::NetworkUnreachable;
            return self.refuse(now, port, bytes, error);
        };
        let mtu = self.ports[out].mtu;
        if bytes.len() > mtu && !packet::may_be_cut(bytes) {
            let error = IcmpError::TooBig { mtu: mtu as u32 };
            return self.refuse(now, port, bytes, error);
        }
        let mut forwarded = bytes.to_vec();
        packet::lower_hop_limit(&mut forwarded);
        self.send(now, port, out, next_hop, forwarded)
    }

    /// Answers a packet for the router itself: an echo request with a reply,
    /// a segment or a datagram with the news that nobody listens.
    fn answer(&mut self, now: Instant, port: usize, bytes: &[u8]) -> Vec<Out> {
        if let Some(reply) = packet::echo_reply(bytes, HOP_LIMIT) {
            return self.originate(now, port, reply);
        }
        match packet::read(bytes).map(|header| header.protocol) {
            Some(IpProtocol::Tcp | IpProtocol::Udp) => {
                self.refuse(now, port, bytes, IcmpError::PortUnreachable)
            }
            _ => Vec::new(),
        }
    }

    /// Tells the sender of `about`, which came in at `port`, what went wrong.
    fn refuse(
        &mut self,
        now: Instant,
        port: usize,
        about: &[u8],
        error: IcmpError,
    ) -> Vec<Out> {
        let Some(header) = packet::may_be_refused(about) else {
            return Vec::new();
        };
        let Some(own) = self.ports[port].address(header.source) else {
            return Vec::new();
        };
        if self.is_mine(header.source) {
            return Vec::new(); // a reply of its own that found nobody
        }
        let message = error.message(own, header.source, about);
        let protocol = icmp::protocol(own.is_ipv6());
        let packet =
            packet::build(own, header.source, protocol, HOP_LIMIT, &message);
        self.originate(now, port, packet)
    }

    /// Sends a packet of the router's own, made because of what came in at
    /// `port`.
    fn originate(
        &mut self,
        now: Instant,
        port: usize,
        packet: Vec<u8>,
    ) -> Vec<Out> {
        let destination = packet::read(&packet).map(|h| h.destination);
        match destination.and_then(|to| self.route(to)) {
            Some((out, next_hop)) => {
                self.send(now, port, out, next_hop, packet)
            }
            None => Vec::new(),
        }
    }

    /// Sends a packet, which came in at `from`, through `port` to the
    /// neighbour `next_hop`, in pieces where it must be; asks for the
    /// neighbour's Ethernet address first where it is not known.
    fn send(
        &mut self,
        now: Instant,
        from: usize,
        port: usize,
        next_hop: IpAddr,
        packet: Vec<u8>,
    ) -> Vec<Out> {
        let Port { mac, mtu, .. } = self.ports[port];
        let Some(to) = self.neighbors.known(port, next_hop) else {
            let port = (port, &self.ports[port]);
            return self.neighbors.ask(now, port, next_hop, (from, packet));
        };
        let protocol = ethernet_protocol(next_hop);
        fragments(packet, mtu)
            .iter()
            .map(|piece| (port, Frame::wrap(mac, to, protocol, piece)))
            .collect()
    }
}

/// What an Ethernet header calls the version of IP that `address` is of.
fn ethernet_protocol(address: IpAddr) -> EthernetProtocol {
    match address {
        IpAddr::V4(_) => EthernetProtocol::Ipv4,
        IpAddr::V6(_) => EthernetProtocol::Ipv6,
    }
}
