//! Which way a router sends a packet.

use std::net::IpAddr;

use smoltcp::wire::IpCidr;

use super::Router;

impl Router {
    /// The port and the neighbour that lead to `to`: of all networks that
    /// hold it, the one with the longest prefix (RFC 1812, section 5.2.4.3).
    pub(super) fn route(&self, to: IpAddr) -> Option<(usize, IpAddr)> {
        let connected = self.connected(to);
        let beyond = self
            .routes
            .iter()
            .filter(|(network, _)| network.contains_addr(&to.into()))
            .filter_map(|(network, via)| {
                let (_, port) = self.connected(*via)?;
                Some((network.prefix_len(), port, *via))
            });
        connected
            .map(|(prefix, port)| (prefix, port, to))
            .into_iter()
            .chain(beyond)
            .max_by_key(|&(prefix, _, _)| prefix)
            .map(|(_, port, via)| (port, via))
    }

    /// The port on whose network `to` is, and that network's prefix length.
    fn connected(&self, to: IpAddr) -> Option<(u8, usize)> {
        let to = to.into();
        let networks = self.ports.iter().enumerate().flat_map(|(i, port)| {
            port.addresses.iter().map(move |network| (i, network))
        });
        networks
            .filter(|(_, network)| network.contains_addr(&to))
            .map(|(port, network)| (network.prefix_len(), port))
            .max()
    }

    /// Whether a packet would go to everybody on one of the router's links,
    /// which it does not let in from elsewhere (RFC 2644).
    pub(super) fn is_directed_broadcast(&self, to: IpAddr) -> bool {
        let IpAddr::V4(to) = to else { return false };
        let own = self.ports.iter().flat_map(|port| &port.addresses);
        own.filter_map(|own| match own {
            IpCidr::Ipv4(network) => network.broadcast(),
            IpCidr::Ipv6(_) => None,
        })
        .any(|broadcast| broadcast == to)
    }

    pub(super) fn is_mine(&self, address: IpAddr) -> bool {
        self.ports
            .iter()
            .flat_map(|port| &port.addresses)
            .any(|own| IpAddr::from(own.address()) == address)
    }
}
