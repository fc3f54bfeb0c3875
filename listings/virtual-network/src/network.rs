//! The network: its parts, and what can be read of them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use smoltcp::time::Instant;

use crate::clock::since_start;
use crate::event::Event;
use crate::host::Host;
use crate::icmp::IcmpReport;
use crate::id::{HostId, NodeId, SwitchId};
use crate::link::Wire;
use crate::mac::Mac;
use crate::router::Router;
use crate::switch::Switch;
use crate::transmit::Flight;

/// Hosts, switches and routers, joined by links, with a clock of their own.
///
/// Nothing sleeps, and nothing but the program decides what happens: the same
/// calls give the same [events](Self::events), on every system.
pub struct Network {
    pub(crate) now: Instant,
    pub(crate) nodes: Vec<Node>,
    pub(crate) wires: Vec<Wire>,
    pub(crate) events: Vec<Event>,
    shown: usize,
    /// The frames on their way, by the time and the order of their arrival.
    pub(crate) flights: BTreeMap<(Instant, u64), Flight>,
    pub(crate) flown: u64,
    /// The first sequence number from one end of a connection to the other.
    pub(crate) starts: BTreeMap<(SocketAddr, SocketAddr), u32>,
    pub(crate) width: usize,
    pub(crate) macs: u32,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.nodes.iter().map(|n| &*n.name).collect();
        f.debug_struct("Network")
            .field("now", &self.now())
            .field("nodes", &names)
            .field("events", &self.events.len())
            .field("in_flight", &self.flights.len())
            .finish_non_exhaustive()
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

/// A part of the network that frames start from or come to.
pub(crate) struct Node {
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    /// The link and the end of it at each port.
    pub(crate) ports: Vec<Option<(usize, usize)>>,
}

pub(crate) enum Kind {
    Host(Box<Host>),
    Switch(Switch),
    Router(Router),
}

impl Network {
    /// An empty network, at time 0.
    pub fn new() -> Self {
        Self {
            now: Instant::ZERO,
            nodes: Vec::new(),
            wires: Vec::new(),
            events: Vec::new(),
            shown: 0,
            flights: BTreeMap::new(),
            flown: 0,
            starts: BTreeMap::new(),
            width: 0,
            macs: 0,
        }
    }

    /// The time since the network was made.
    pub fn now(&self) -> Duration {
        since_start(self.now)
    }

    /// Everything that was put on a link, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events since this was last called, or since the start.
    pub fn new_events(&mut self) -> &[Event] {
        let shown = std::mem::replace(&mut self.shown, self.events.len());
        &self.events[shown..]
    }

    /// The name that a node was given.
    pub fn name(&self, node: impl Into<NodeId>) -> &str {
        &self.nodes[node.into().0].name
    }

    /// The Ethernet address of a host's network card.
    pub fn mac(&self, host: HostId) -> Mac {
        self.host(host.0).mac.into()
    }

    /// What a switch has learnt: each station's Ethernet address, and who is
    /// at the other end of the link behind which it is.
    pub fn learnt(&self, switch: SwitchId) -> Vec<(Mac, NodeId)> {
        let node = &self.nodes[switch.0];
        let Kind::Switch(known) = &node.kind else { return Vec::new() };
        let peer = |port: usize| {
            let (link, end) = node.ports[port]?;
            Some(NodeId(self.wires[link].ends[1 - end].0))
        };
        known
            .table
            .iter()
            .filter_map(|(&mac, &port)| Some((mac.into(), peer(port)?)))
            .collect()
    }

    /// The ICMP errors that came to a host, in order.
    pub fn icmp_reports(&self, host: HostId) -> &[IcmpReport] {
        &self.host(host.0).reports
    }

    pub(crate) fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Host(host) => Some(&**host),
            _ => None,
        })
    }

    pub(crate) fn host(&self, node: usize) -> &Host {
        match &self.nodes[node].kind {
            Kind::Host(host) => host,
            _ => panic!("the host is of another network"),
        }
    }

    pub(crate) fn host_mut(&mut self, node: usize) -> &mut Host {
        match &mut self.nodes[node].kind {
            Kind::Host(host) => host,
            _ => panic!("the host is of another network"),
        }
    }

    pub(crate) fn router_mut(&mut self, node: usize) -> &mut Router {
        match &mut self.nodes[node].kind {
            Kind::Router(router) => router,
            _ => panic!("the router is of another network"),
        }
    }
}
