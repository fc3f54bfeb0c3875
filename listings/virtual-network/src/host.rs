//! A host: one smoltcp interface, its sockets, and what ICMP told it.

use std::net::{IpAddr, SocketAddr};

use smoltcp::iface::{Config, Interface, PollResult, SocketHandle, SocketSet};
use smoltcp::socket::{tcp, udp};
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{EthernetAddress, IpAddress, IpCidr};

use crate::clock::since_start;
use crate::connection::{self, Connection};
use crate::device::Device;
use crate::frame::Frame;
use crate::icmp::IcmpReport;

/// The first port that a host gives out by itself (RFC 6335, section 6).
const FIRST_PORT: u16 = 49152;

/// A host with one network card.
pub(crate) struct Host {
    pub(crate) mac: EthernetAddress,
    pub(crate) sockets: SocketSet<'static>,
    pub(crate) connections: Vec<Connection>,
    pub(crate) udp: Vec<SocketHandle>,
    pub(crate) echo: Option<SocketHandle>,
    /// The ICMP errors that came, in order.
    pub(crate) reports: Vec<IcmpReport>,
    addresses: Vec<IpCidr>,
    gateways: Vec<IpAddress>,
    interface: Box<Interface>,
    device: Device,
    seed: u64,
    next_port: u16,
    pings: u16,
    /// A host that has nothing more to send is not asked again before this,
    /// even if smoltcp says that it is due: time must go on.
    not_before: Instant,
}

impl Host {
    pub(crate) fn new(
        mac: EthernetAddress,
        addresses: Vec<IpCidr>,
        seed: u64,
    ) -> Self {
        let mut device = Device::new(1500);
        let interface = interface(mac, seed, &mut device);
        let mut host = Self {
            mac,
            sockets: SocketSet::new(Vec::new()),
            connections: Vec::new(),
            udp: Vec::new(),
            echo: None,
            reports: Vec::new(),
            addresses,
            gateways: Vec::new(),
            interface,
            device,
            seed,
            next_port: FIRST_PORT,
            pings: 0,
            not_before: Instant::ZERO,
        };
        host.configure();
        host
    }

    /// Plugs the host into a link of this MTU. An interface learns its MTU
    /// when it is made, so it is made anew.
    pub(crate) fn plug_in(&mut self, mtu: usize) {
        self.device = Device::new(mtu);
        self.interface = interface(self.mac, self.seed, &mut self.device);
        self.configure();
    }

    /// Sends what is for other networks to `gateway`.
    pub(crate) fn add_gateway(&mut self, gateway: IpAddress) {
        self.gateways.push(gateway);
        self.configure();
    }

    fn configure(&mut self) {
        self.interface.update_ip_addrs(|own| {
            own.clear();
            own.extend(self.addresses.iter().copied());
        });
        let routes = self.interface.routes_mut();
        for gateway in &self.gateways {
            match gateway {
                IpAddress::Ipv4(v4) => routes.add_default_ipv4_route(*v4),
                IpAddress::Ipv6(v6) => routes.add_default_ipv6_route(*v6),
            }
            .expect("the table has a place for each version of IP");
        }
    }

    /// Whether the host knows where to send a packet for `to`.
    pub(crate) fn has_route(&self, to: IpAddr) -> bool {
        let version = IpAddress::from(to).version();
        let gateway = self.gateways.iter().any(|g| g.version() == version);
        gateway || self.is_beside(to)
    }

    /// Whether `address` is on one of the host's own networks.
    pub(crate) fn is_beside(&self, address: IpAddr) -> bool {
        let address = address.into();
        self.addresses.iter().any(|own| own.contains_addr(&address))
    }

    /// The longest IP packet for the host's link, in bytes.
    pub(crate) fn mtu(&self) -> usize {
        self.device.mtu()
    }

    /// Whether this address is the host's own.
    pub(crate) fn has_address(&self, address: IpAddr) -> bool {
        let address = IpAddress::from(address);
        self.addresses.iter().any(|own| own.address() == address)
    }

    /// Takes a frame in, and gives the direct answers to it.
    pub(crate) fn receive(
        &mut self,
        now: Instant,
        frame: &Frame,
    ) -> Vec<Frame> {
        self.note_error(now, frame);
        self.device.arrive(frame);
        self.interface.poll_ingress_single(
            now,
            &mut self.device,
            &mut self.sockets,
        );
        self.not_before = now;
        self.after_poll()
    }

    /// Lets every socket send at most one packet, and gives these packets;
    /// `None` when no socket has more to send now.
    pub(crate) fn send(&mut self, now: Instant) -> Option<Vec<Frame>> {
        let result = self.interface.poll_egress(
            now,
            &mut self.device,
            &mut self.sockets,
        );
        let frames = self.after_poll();
        if frames.is_empty() && result == PollResult::None {
            self.not_before = now + Duration::from_millis(1);
            return None;
        }
        Some(frames)
    }

    /// When the host wants to send, or to see a timer run out; `None` if it
    /// only waits for others.
    pub(crate) fn due(&mut self, now: Instant) -> Option<Instant> {
        let due = self.interface.poll_at(now, &self.sockets)?;
        Some(if due > now { due } else { now.max(self.not_before) })
    }

    /// A program has done something: the host may have to send at once.
    pub(crate) fn wake(&mut self, now: Instant) {
        self.not_before = now;
    }

    /// A port that the host has not given out before.
    pub(crate) fn free_port(&mut self) -> u16 {
        let port = self.next_port;
        self.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
        port
    }

    /// The number of the next echo request.
    pub(crate) fn next_ping(&mut self) -> u16 {
        self.pings = self.pings.wrapping_add(1);
        self.pings
    }

    /// Starts to connect; the SYN goes out when the host next sends.
    pub(crate) fn connect(
        &mut self,
        index: usize,
        to: SocketAddr,
    ) -> Result<(), tcp::ConnectError> {
        let port = self.free_port();
        let handle = self.connections[index].handle;
        let socket = self.sockets.get_mut::<tcp::Socket>(handle);
        socket.connect(self.interface.context(), to, port)?;
        self.follow();
        Ok(())
    }

    pub(crate) fn tcp(&self, index: usize) -> &tcp::Socket<'static> {
        self.sockets.get(self.connections[index].handle)
    }

    pub(crate) fn tcp_mut(
        &mut self,
        index: usize,
    ) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.connections[index].handle)
    }

    pub(crate) fn udp_mut(
        &mut self,
        index: usize,
    ) -> &mut udp::Socket<'static> {
        self.sockets.get_mut(self.udp[index])
    }

    /// The state of the connection from `own` to `peer`.
    pub(crate) fn state(
        &self,
        own: SocketAddr,
        peer: SocketAddr,
    ) -> tcp::State {
        connection::state(&self.sockets, &self.connections, own, peer)
    }

    fn after_poll(&mut self) -> Vec<Frame> {
        self.follow();
        self.device.take_sent()
    }

    fn follow(&mut self) {
        for connection in &mut self.connections {
            connection.follow(self.sockets.get(connection.handle));
        }
    }

    fn note_error(&mut self, now: Instant, frame: &Frame) {
        let Some(packet) = frame.ip() else { return };
        if !self.has_address(packet.destination) {
            return;
        }
        self.reports.extend(IcmpReport::read(since_start(now), &packet));
    }
}

fn interface(
    mac: EthernetAddress,
    seed: u64,
    device: &mut Device,
) -> Box<Interface> {
    let mut config = Config::new(mac.into());
    config.random_seed = seed;
    Box::new(Interface::new(config, device, Instant::ZERO))
}
