//! Routers: forwarding, and what they answer.

use std::net::IpAddr;

use crate::common::{Routed, lines, ms, s, text, transfer, v6};
use virtual_network::{IcmpError, Link, Network, Ping};

const BOB: [u8; 4] = [10, 0, 3, 1];

/// The packets on a link that have this in their line.
fn on_link(routed: &Routed, link: usize, what: &str) -> Vec<String> {
    let events = routed.net.events().iter();
    events
        .filter(|event| event.link == routed.links[link])
        .map(|event| event.what())
        .filter(|line| line.contains(what))
        .collect()
}

#[test]
fn each_router_lowers_the_hop_limit() {
    let mut routed = Routed::new(1500);
    let answer = routed.net.ping(routed.alice, BOB, 64).unwrap();
    assert!(matches!(answer, Ping::Reply { .. }), "{answer}");
    let again = routed.net.ping(routed.alice, BOB, 64).unwrap();
    assert_eq!(again.to_string(), "reply from 10.0.3.1 after 60 ms");
    for (link, ttl) in [(0, 64), (1, 63), (2, 62)] {
        let line = format!("echo request 2 10.0.1.1→10.0.3.1 ttl {ttl}");
        assert_eq!(on_link(&routed, link, &line).len(), 1);
    }
    // The Ethernet addresses are new on each link, the IP addresses are not.
    let senders: Vec<_> = routed
        .net
        .events()
        .iter()
        .filter(|event| event.what().contains("echo request 2"))
        .map(|event| event.frame.bytes()[11])
        .collect();
    assert_eq!(senders, [1, 4, 6]);
}

#[test]
fn a_traceroute_names_the_routers() {
    let mut routed = Routed::new(1500);
    let mut hops = Vec::new();
    for hop_limit in 1..=3 {
        hops.push(match routed.net.ping(routed.alice, BOB, hop_limit) {
            Ok(Ping::Reply { from, .. }) => (from, None),
            Ok(Ping::Error { from, error, .. }) => (from, Some(error)),
            other => panic!("{other:?}"),
        });
    }
    let ip = |a| IpAddr::from([10, 0, a, if a == 1 { 254 } else { 2 }]);
    assert_eq!(
        hops,
        [
            (ip(1), Some(IcmpError::TimeExceeded)),
            (ip(2), Some(IcmpError::TimeExceeded)),
            (BOB.into(), None),
        ]
    );
}

#[test]
fn the_same_over_ipv6() {
    let mut routed = Routed::new(1500);
    let bob = v6(3, 1);
    let answers: Vec<_> = [1, 2, 3, 64]
        .into_iter()
        .map(|hops| routed.net.ping(routed.alice, bob, hops).unwrap())
        .collect();
    let words = answers.iter().map(|a| a.to_string()).collect::<Vec<_>>();
    assert!(words[0].starts_with("time exceeded, says fd00:1::fe"));
    assert!(words[1].starts_with("time exceeded, says fd00:2::2"));
    assert!(words[2].starts_with("reply from fd00:3::1"));
    assert_eq!(words[3], "reply from fd00:3::1 after 60 ms");
    assert_eq!(
        lines(&routed.net)[..2],
        [
            "0.000 s alice → west NDP who has fd00:1::fe? tell fd00:1::1",
            "0.010 s west → alice NDP fd00:1::fe is at 02:00:00:00:00:03",
        ]
    );
}

#[test]
fn tcp_crosses_routers() {
    for bob in [IpAddr::from(BOB), IpAddr::from(v6(3, 1))] {
        let mut routed = Routed::new(1500);
        let server = routed.net.tcp_listen(routed.bob, 80).unwrap();
        let client = routed.net.tcp_connect(routed.alice, (bob, 80)).unwrap();
        routed.net.run_for(s(1));
        let data = text(100_000);
        let came = transfer(&mut routed.net, client, server, &data, s(60));
        assert!(came == data);
    }
}

#[test]
fn a_router_answers_for_itself() {
    let mut routed = Routed::new(1500);
    for address in [
        IpAddr::from([10, 0, 1, 254]),
        IpAddr::from([10, 0, 2, 1]),
        IpAddr::from([10, 0, 2, 2]),
        IpAddr::from(v6(2, 2)),
    ] {
        let answer = routed.net.ping(routed.alice, address, 64).unwrap();
        let Ping::Reply { from, .. } = answer else { panic!("{answer}") };
        assert_eq!(from, address);
    }
    let socket = routed.net.udp_bind(routed.alice, 0).unwrap();
    let router = ([10, 0, 1, 254], 33434);
    routed.net.udp_send_to(socket, b"?", router).unwrap();
    routed.net.run_for(s(1));
    let report = routed.net.icmp_reports(routed.alice).last().unwrap();
    assert_eq!(report.error, IcmpError::PortUnreachable);
}

#[test]
fn what_has_no_way_is_unreachable() {
    let mut routed = Routed::new(1500);
    let mut ping = |to: IpAddr| match routed.net.ping(routed.alice, to, 64) {
        Ok(Ping::Error { error, after, .. }) => (error, after),
        other => panic!("{other:?}"),
    };
    // West knows no way there.
    let (error, _) = ping([192, 0, 2, 1].into());
    assert_eq!(error, IcmpError::NetworkUnreachable);
    let (error, _) = ping([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into());
    assert_eq!(error, IcmpError::NetworkUnreachable);
    // East knows the link, but nobody there answers three questions.
    let (error, after) = ping([10, 0, 3, 99].into());
    assert_eq!((error, after >= s(3)), (IcmpError::HostUnreachable, true));
    let (error, after) = ping(v6(3, 99).into());
    assert_eq!((error, after >= s(3)), (IcmpError::HostUnreachable, true));
    let asked = on_link(&routed, 2, "who has 10.0.3.99?");
    assert_eq!(asked.len(), 3);
}

/// smoltcp's hosts forbid the cutting of their packets, and do not listen to
/// the answer.
#[test]
fn a_narrow_link_says_packet_too_big() {
    for bob in [IpAddr::from(BOB), IpAddr::from(v6(3, 1))] {
        let mut routed = Routed::new(1280);
        let to = (bob, 5000);
        let from = routed.net.udp_bind(routed.alice, 0).unwrap();
        let socket = routed.net.udp_bind(routed.bob, 5000).unwrap();
        routed.net.udp_send_to(from, &[1; 1400], to).unwrap();
        routed.net.udp_send_to(from, &[1; 1200], to).unwrap();
        routed.net.run_for(s(5));
        let [report] = routed.net.icmp_reports(routed.alice) else { panic!() };
        assert_eq!(report.error, IcmpError::TooBig { mtu: 1280 });
        let (data, _) = routed.net.udp_recv_from(socket).unwrap();
        assert_eq!(data.len(), 1200);
    }
}

/// Pieces may be cut again on the way (RFC 791, section 3.2).
#[test]
fn a_router_cuts_pieces_to_smaller_ones() {
    let mut routed = Routed::new(576);
    let from = routed.net.udp_bind(routed.alice, 0).unwrap();
    let to = routed.net.udp_bind(routed.bob, 5000).unwrap();
    let data = text(6000);
    routed.net.udp_send_to(from, &data, (BOB, 5000)).unwrap();
    routed.net.run_for(s(1));
    assert!(routed.net.udp_recv_from(to).unwrap().0 == data);
    assert_eq!(on_link(&routed, 0, "piece").len(), 5);
    assert!(on_link(&routed, 1, "piece").len() > 10);
}

/// RFC 1812, section 5.2.4.3.
#[test]
fn the_longest_prefix_wins() {
    let mut routed = Routed::new(1500);
    // A wider route to the wrong side, and a narrower one to nobody.
    let [west, _] = routed.routers;
    let net = &mut routed.net;
    net.add_route(west, "10.0.0.0/8", [10, 0, 1, 9]).unwrap();
    assert!(matches!(net.ping(routed.alice, BOB, 64), Ok(Ping::Reply { .. })));
    net.add_route(west, "10.0.3.1/32", [10, 0, 2, 77]).unwrap();
    let answer = net.ping(routed.alice, BOB, 64).unwrap();
    let Ping::Error { error, .. } = answer else { panic!("{answer}") };
    assert_eq!(error, IcmpError::HostUnreachable);
    assert!(net.now() > ms(3000));
}

#[test]
fn a_broadcast_does_not_cross() {
    let mut routed = Routed::new(1500);
    let socket = routed.net.udp_bind(routed.alice, 0).unwrap();
    let all = ([10, 0, 2, 255], 5000);
    routed.net.udp_send_to(socket, b"all", all).unwrap();
    routed.net.run_for(s(10));
    assert!(on_link(&routed, 1, "").is_empty());
}

/// RFC 1812, section 4.3.2.7; RFC 4443, section 2.4: or errors would breed
/// errors.
#[test]
fn no_error_is_sent_about_an_error() {
    let mut net = Network::new();
    // No router knows alice's first network, and from there she sends.
    let addresses = ["172.16.0.1/24", "10.0.1.1/24"];
    let alice = net.add_host("alice", &addresses).unwrap();
    let bob = net.add_host("bob", &["10.0.2.1/24"]).unwrap();
    let router = net.add_router("router");
    let left = net.add_port(router, &["10.0.1.254/24"]).unwrap();
    let right = net.add_port(router, &["10.0.2.254/24"]).unwrap();
    net.link(alice, left, Link::default()).unwrap();
    net.link(right, bob, Link::default()).unwrap();
    net.add_gateway(alice, [10, 0, 1, 254]).unwrap();
    net.add_gateway(bob, [10, 0, 2, 254]).unwrap();
    let socket = net.udp_bind(alice, 0).unwrap();
    net.udp_send_to(socket, b"?", ([10, 0, 2, 1], 9)).unwrap();
    net.run_for(s(10));
    let errors = net.events().iter().filter(|event| {
        let what = event.what();
        what.contains("unreachable") && what.contains("10.0.2.1→172.16.0.1")
    });
    assert_eq!(errors.count(), 1);
    assert!(net.icmp_reports(bob).is_empty());
}
