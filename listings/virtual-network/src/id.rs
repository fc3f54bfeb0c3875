//! Small names for the parts of a network, to be copied at will. Each belongs
//! to the [`Network`](crate::Network) that gave it: another network knows a
//! different part by it, or panics.

/// A host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(pub(crate) usize);

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SwitchId(pub(crate) usize);

/// A router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RouterId(pub(crate) usize);

/// Any of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) usize);

/// One port of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortId {
    pub(crate) router: usize,
    pub(crate) port: usize,
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub(crate) usize);

/// A TCP socket of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TcpSocket {
    pub(crate) host: usize,
    pub(crate) index: usize,
}

/// A UDP socket of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UdpSocket {
    pub(crate) host: usize,
    pub(crate) index: usize,
}

impl From<HostId> for NodeId {
    fn from(host: HostId) -> Self {
        Self(host.0)
    }
}

impl From<SwitchId> for NodeId {
    fn from(switch: SwitchId) -> Self {
        Self(switch.0)
    }
}

impl From<RouterId> for NodeId {
    fn from(router: RouterId) -> Self {
        Self(router.0)
    }
}

/// Where a link can end: a host, the next free port of a switch, or a port of
/// a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkEnd {
    pub(crate) node: usize,
    /// Which port; the next free one where it is `None`.
    pub(crate) port: Option<usize>,
}

impl From<HostId> for LinkEnd {
    fn from(host: HostId) -> Self {
        Self { node: host.0, port: Some(0) }
    }
}

impl From<SwitchId> for LinkEnd {
    fn from(switch: SwitchId) -> Self {
        Self { node: switch.0, port: None }
    }
}

impl From<PortId> for LinkEnd {
    fn from(port: PortId) -> Self {
        Self { node: port.router, port: Some(port.port) }
    }
}
