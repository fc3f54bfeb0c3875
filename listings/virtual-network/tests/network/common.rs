//! Networks that several tests use.

use std::time::Duration;

use virtual_network::{
    HostId, Link, LinkId, Network, RouterId, State, TcpSocket,
};

/// Bob's address and the port on which his servers listen.
pub const BOB: ([u8; 4], u16) = ([10, 0, 0, 2], 80);

/// Alice and bob on one link of 10 ms.
pub struct Pair {
    pub net: Network,
    pub alice: HostId,
    pub bob: HostId,
    pub link: LinkId,
}

/// Milliseconds.
pub fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Seconds.
pub fn s(n: u64) -> Duration {
    Duration::from_secs(n)
}

impl Pair {
    pub fn new() -> Self {
        Self::with(Link::default().delay(ms(10)))
    }

    pub fn with(link: Link) -> Self {
        let mut net = Network::new();
        let alice = net.add_host("alice", &["10.0.0.1/24"]).unwrap();
        let bob = net.add_host("bob", &["10.0.0.2/24"]).unwrap();
        let link = net.link(alice, bob, link).unwrap();
        Self { net, alice, bob, link }
    }

    /// Connects alice's client to bob's server, and waits for both.
    pub fn connect(&mut self) -> (TcpSocket, TcpSocket) {
        let server = self.net.tcp_listen(self.bob, BOB.1).unwrap();
        let client = self.net.tcp_connect(self.alice, BOB).unwrap();
        let established = self
            .net
            .run_until(|net| net.state(server) == State::Established, s(120));
        assert!(established, "no connection: {:#?}", lines(&self.net));
        (client, server)
    }
}

/// Alice and bob, with two routers in a row between them: three links of
/// 10 ms. Addresses of alice's network end in 1.x, of bob's in 3.x.
pub struct Routed {
    pub net: Network,
    pub alice: HostId,
    pub bob: HostId,
    pub routers: [RouterId; 2],
    pub links: [LinkId; 3],
}

impl Routed {
    /// The MTU is that of the link between the routers.
    pub fn new(mtu: usize) -> Self {
        let mut net = Network::new();
        let a =
            net.add_host("alice", &["10.0.1.1/24", "fd00:1::1/64"]).unwrap();
        let b = net.add_host("bob", &["10.0.3.1/24", "fd00:3::1/64"]).unwrap();
        let routers = [net.add_router("west"), net.add_router("east")];
        let [west, east] = routers;
        let mut port = |router, addresses: [&str; 2]| {
            net.add_port(router, &addresses).unwrap()
        };
        let w1 = port(west, ["10.0.1.254/24", "fd00:1::fe/64"]);
        let w2 = port(west, ["10.0.2.1/24", "fd00:2::1/64"]);
        let e2 = port(east, ["10.0.2.2/24", "fd00:2::2/64"]);
        let e3 = port(east, ["10.0.3.254/24", "fd00:3::fe/64"]);
        net.add_route(west, "10.0.3.0/24", [10, 0, 2, 2]).unwrap();
        net.add_route(east, "10.0.1.0/24", [10, 0, 2, 1]).unwrap();
        net.add_route(west, "fd00:3::/64", v6(2, 2)).unwrap();
        net.add_route(east, "fd00:1::/64", v6(2, 1)).unwrap();
        net.add_gateway(a, [10, 0, 1, 254]).unwrap();
        net.add_gateway(b, [10, 0, 3, 254]).unwrap();
        net.add_gateway(a, v6(1, 0xfe)).unwrap();
        net.add_gateway(b, v6(3, 0xfe)).unwrap();
        let link = Link::default().delay(ms(10));
        let links = [
            net.link(a, w1, link).unwrap(),
            net.link(w2, e2, link.mtu(mtu)).unwrap(),
            net.link(e3, b, link).unwrap(),
        ];
        Self { net, alice: a, bob: b, routers, links }
    }
}

/// `fd00:NETWORK::HOST`.
pub fn v6(network: u16, host: u16) -> [u16; 8] {
    [0xfd00, network, 0, 0, 0, 0, 0, host]
}

/// What the events print.
pub fn lines(net: &Network) -> Vec<String> {
    net.events().iter().map(|event| event.to_string()).collect()
}

/// `len` bytes that do not repeat early.
pub fn text(len: usize) -> Vec<u8> {
    (0..len as u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

/// Sends all of `data` from one socket to the other, taking it there as it
/// comes, and gives what came.
pub fn transfer(
    net: &mut Network,
    from: TcpSocket,
    to: TcpSocket,
    data: &[u8],
    limit: Duration,
) -> Vec<u8> {
    let mut sent = 0;
    let mut came = Vec::new();
    net.run_until(
        |net| {
            if let Ok(n) = net.send(from, &data[sent..]) {
                sent += n;
            }
            came.extend(net.recv_all(to).unwrap());
            came.len() >= data.len()
        },
        limit,
    );
    came
}
