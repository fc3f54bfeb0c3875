//! How a network is put together.

use std::io;
use std::net::IpAddr;

use smoltcp::wire::EthernetAddress;

use crate::chance;
use crate::cidr::{parse, parse_all};
use crate::error::invalid;
use crate::host::Host;
use crate::id::{HostId, LinkEnd, LinkId, NodeId, PortId, RouterId, SwitchId};
use crate::impairment::Impairment;
use crate::link::{LEAST_MTU, Link, Wire};
use crate::network::{Kind, Network, Node};
use crate::router::{Port, Router};
use crate::switch::Switch;

/// Putting the network together.
impl Network {
    /// Adds a host with one network card. `addresses` are written with the
    /// length of the network's prefix, like `10.0.0.1/24` or `fd00::1/64`
    /// (RFC 4632, section 3.1; RFC 4291, section 2.3); at most eight.
    ///
    /// Its Ethernet address is `02:00:00:00:00:01` for the first card of the
    /// network, and so on. Its first sequence numbers follow from its name.
    ///
    /// # Errors
    ///
    /// `InvalidInput` names the address that cannot be read or used.
    pub fn add_host(
        &mut self,
        name: &str,
        addresses: &[&str],
    ) -> io::Result<HostId> {
        let addresses = parse_all(addresses)?;
        let seed = chance::seed(name, self.nodes.len());
        let host = Host::new(self.next_mac(), addresses, seed);
        Ok(HostId(self.add(name, Kind::Host(Box::new(host)), vec![None])))
    }

    /// Gives a host the router to which it sends what is for other networks:
    /// one for IPv4, one for IPv6.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the host is on no network with that address.
    pub fn add_gateway(
        &mut self,
        host: HostId,
        gateway: impl Into<IpAddr>,
    ) -> io::Result<()> {
        let gateway = gateway.into();
        let name = self.nodes[host.0].name.clone();
        let host = self.host_mut(host.0);
        if !host.is_beside(gateway) {
            let why = format!("{gateway} is on no network of {name}");
            return Err(invalid(why));
        }
        host.add_gateway(gateway.into());
        Ok(())
    }

    /// Adds a switch. It gets a port for each link.
    pub fn add_switch(&mut self, name: &str) -> SwitchId {
        SwitchId(self.add(name, Kind::Switch(Switch::default()), Vec::new()))
    }

    /// Adds a router, as yet without a port.
    pub fn add_router(&mut self, name: &str) -> RouterId {
        RouterId(self.add(name, Kind::Router(Router::default()), Vec::new()))
    }

    /// Adds a port to a router, with an Ethernet address of its own and
    /// `addresses` as for [a host](Self::add_host). The router forwards
    /// between the networks of its ports.
    ///
    /// # Errors
    ///
    /// `InvalidInput` names the address that cannot be read or used.
    pub fn add_port(
        &mut self,
        router: RouterId,
        addresses: &[&str],
    ) -> io::Result<PortId> {
        let addresses = parse_all(addresses)?;
        let mac = self.next_mac();
        let node = &mut self.nodes[router.0];
        node.ports.push(None);
        let port = node.ports.len() - 1;
        self.router_mut(router.0).ports.push(Port {
            mac,
            addresses,
            mtu: Link::default().mtu,
        });
        Ok(PortId { router: router.0, port })
    }

    /// Tells a router that `network`, written like `10.2.0.0/16`, is beyond
    /// the router with the address `via`, which is on one of its own links.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the network cannot be read.
    pub fn add_route(
        &mut self,
        router: RouterId,
        network: &str,
        via: impl Into<IpAddr>,
    ) -> io::Result<()> {
        let route = (parse(network)?, via.into());
        self.router_mut(router.0).routes.push(route);
        Ok(())
    }

    /// Joins two ends by a link.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if an end has a link already, if the MTU is not within
    /// 68 to 65,535 bytes, or if the link would close a loop of switches, in
    /// which broadcasts would circle for ever.
    pub fn link(
        &mut self,
        one: impl Into<LinkEnd>,
        other: impl Into<LinkEnd>,
        link: Link,
    ) -> io::Result<LinkId> {
        let (one, other) = (one.into(), other.into());
        if !(LEAST_MTU..=usize::from(u16::MAX)).contains(&link.mtu) {
            let why = "an MTU is 68 to 65535 bytes";
            return Err(invalid(format!("{why}, not {}", link.mtu)));
        }
        for end in [one, other] {
            let node = &self.nodes[end.node];
            if end.port.is_some_and(|port| node.ports[port].is_some()) {
                return Err(invalid(format!(
                    "{} already has a link",
                    node.name
                )));
            }
        }
        if one.node == other.node || self.switched(one.node, other.node) {
            let (a, b) = (&self.nodes[one.node], &self.nodes[other.node]);
            let (a, b) = (&a.name, &b.name);
            let why = format!("a link from {a} to {b} would close a loop");
            return Err(invalid(why));
        }
        let id = self.wires.len();
        let ends =
            [self.plug_in(one, id, 0, link), self.plug_in(other, id, 1, link)];
        self.wires.push(Wire { link, ends, impairments: Default::default() });
        let names = [one.node, other.node].map(|n| &self.nodes[n].name);
        let width =
            names.iter().map(|name| name.chars().count()).sum::<usize>();
        self.width = self.width.max(width + " → ".chars().count());
        Ok(LinkId(id))
    }

    /// Lets something go wrong with the frames that `from` puts on the link,
    /// from now on; others stay as they were.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if `from` is at neither end of the link.
    pub fn impair(
        &mut self,
        link: LinkId,
        from: impl Into<NodeId>,
        impairment: Impairment,
    ) -> io::Result<()> {
        let from = from.into().0;
        let wire = &mut self.wires[link.0];
        let Some(end) = wire.ends.iter().position(|&(node, _)| node == from)
        else {
            let name = &self.nodes[from].name;
            return Err(invalid(format!("{name} is not on that link")));
        };
        wire.impairments[end].push(impairment);
        Ok(())
    }

    fn add(
        &mut self,
        name: &str,
        kind: Kind,
        ports: Vec<Option<(usize, usize)>>,
    ) -> usize {
        self.nodes.push(Node { name: name.into(), kind, ports });
        self.nodes.len() - 1
    }

    /// Locally administered addresses, counted up.
    fn next_mac(&mut self) -> EthernetAddress {
        self.macs += 1;
        let [a, b, c, d] = self.macs.to_be_bytes();
        EthernetAddress([2, 0, a, b, c, d])
    }

    fn plug_in(
        &mut self,
        end: LinkEnd,
        link: usize,
        side: usize,
        like: Link,
    ) -> (usize, usize) {
        let node = &mut self.nodes[end.node];
        let port = end.port.unwrap_or_else(|| {
            node.ports.push(None);
            node.ports.len() - 1
        });
        node.ports[port] = Some((link, side));
        match &mut node.kind {
            Kind::Host(host) => host.plug_in(like.mtu),
            Kind::Switch(switch) => switch.ports = node.ports.len(),
            Kind::Router(router) => router.ports[port].mtu = like.mtu,
        }
        (end.node, port)
    }

    /// Whether a way leads from one node to the other through nothing but
    /// switches, both of them included.
    fn switched(&self, one: usize, other: usize) -> bool {
        let is_switch =
            |n: usize| matches!(self.nodes[n].kind, Kind::Switch(_));
        if !is_switch(one) || !is_switch(other) {
            return false;
        }
        let mut reached = vec![one];
        let mut looked = 0;
        while let Some(&node) = reached.get(looked) {
            looked += 1;
            for wire in &self.wires {
                let [a, b] = wire.ends.map(|(node, _)| node);
                let next = match node {
                    n if n == a => b,
                    n if n == b => a,
                    _ => continue,
                };
                if is_switch(next) && !reached.contains(&next) {
                    reached.push(next);
                }
            }
        }
        reached.contains(&other)
    }
}
