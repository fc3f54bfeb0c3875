//! The layers below TCP: ARP, switches, MTU, UDP, and the parts' own rules.

use std::io::ErrorKind;

use crate::common::{Pair, lines, ms, s, text};
use virtual_network::{Fate, IcmpError, Impairment, Link, Network, Ping};

#[test]
fn arp_asks_once_and_remembers() {
    let mut pair = Pair::new();
    for _ in 0..3 {
        pair.net.ping(pair.alice, [10, 0, 0, 2], 64).unwrap();
    }
    let arp = |event: &&virtual_network::Event| event.frame.is_arp();
    assert_eq!(pair.net.events().iter().filter(arp).count(), 2);
    assert_eq!(
        lines(&pair.net)[..4],
        [
            "0.000 s alice → bob ARP who has 10.0.0.2? tell 10.0.0.1",
            "0.010 s bob → alice ARP 10.0.0.2 is at 02:00:00:00:00:02",
            "0.020 s alice → bob ICMP echo request 1 10.0.0.1→10.0.0.2 ttl 64",
            "0.030 s bob → alice ICMP echo reply 1 10.0.0.2→10.0.0.1 ttl 64",
        ]
    );
    // smoltcp remembers for 60 s.
    pair.net.run_for(s(61));
    pair.net.ping(pair.alice, [10, 0, 0, 2], 64).unwrap();
    assert!(pair.net.events().iter().filter(arp).count() > 2);
}

#[test]
fn a_switch_floods_what_it_does_not_know_and_learns() {
    let mut net = Network::new();
    let switch = net.add_switch("switch");
    let hosts: Vec<_> = ["alice", "bob", "carol"]
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let address = format!("10.0.0.{}/24", i + 1);
            let host = net.add_host(name, &[&address]).unwrap();
            net.link(host, switch, Link::default()).unwrap();
            host
        })
        .collect();
    net.ping(hosts[0], [10, 0, 0, 2], 64).unwrap();
    let to_carol = |net: &Network| {
        let events = net.events().iter();
        events.filter(|event| event.to == hosts[2].into()).count()
    };
    // The ARP question goes to everybody; the rest goes to bob alone.
    assert_eq!(to_carol(&net), 1);
    let learnt = net.learnt(switch);
    let expected = [hosts[0], hosts[1]].map(|h| (net.mac(h), h.into()));
    assert_eq!(learnt, expected);
}

#[test]
fn loops_of_switches_and_second_links_are_refused() {
    let mut net = Network::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| net.add_switch(name));
    let host = net.add_host("host", &["10.0.0.1/24"]).unwrap();
    net.link(a, b, Link::default()).unwrap();
    net.link(b, c, Link::default()).unwrap();
    let error = net.link(c, a, Link::default()).unwrap_err();
    assert_eq!(error.to_string(), "a link from c to a would close a loop");
    assert!(net.link(a, a, Link::default()).is_err());
    net.link(host, a, Link::default()).unwrap();
    let error = net.link(host, b, Link::default()).unwrap_err();
    assert_eq!(error.to_string(), "host already has a link");
    let error = net.link(b, c, Link::default().mtu(67)).unwrap_err();
    assert_eq!(error.to_string(), "an MTU is 68 to 65535 bytes, not 67");
    let error = net.add_host("x", &["10.0.0.1"]).unwrap_err();
    let sentence = "10.0.0.1 is not an address with a prefix length";
    assert_eq!(error.to_string(), sentence);
}

#[test]
fn a_segment_fits_the_mtu() {
    let mut pair = Pair::with(Link::default().mtu(600));
    let (client, server) = pair.connect();
    pair.net.send(client, &text(5000)).unwrap();
    pair.net.run_for(s(5));
    assert_eq!(pair.net.recv_all(server).unwrap(), text(5000));
    let longest = pair.net.events().iter().map(|e| e.frame.payload().len());
    assert_eq!(longest.max(), Some(600));
}

#[test]
fn a_frame_longer_than_the_mtu_is_dropped() {
    let mut net = Network::new();
    let switch = net.add_switch("switch");
    let alice = net.add_host("alice", &["10.0.0.1/24"]).unwrap();
    let bob = net.add_host("bob", &["10.0.0.2/24"]).unwrap();
    net.link(alice, switch, Link::default()).unwrap();
    net.link(switch, bob, Link::default().mtu(600)).unwrap();
    let socket = net.udp_bind(alice, 5000).unwrap();
    net.udp_send_to(socket, &[0; 1000], ([10, 0, 0, 2], 5000)).unwrap();
    net.run_for(s(1));
    let last = net.events().last().unwrap();
    assert_eq!(last.fate, Fate::TooLong);
    assert_eq!(
        last.to_string(),
        "0.005 s switch → bob   UDP 5000→5000 len 1000 (too long)"
    );
}

#[test]
fn udp_keeps_boundaries_and_may_lose() {
    let mut pair = Pair::new();
    let lose = Impairment::lose().of(|frame| frame.is_udp()).nth(2);
    pair.net.impair(pair.link, pair.alice, lose).unwrap();
    let from = pair.net.udp_bind(pair.alice, 0).unwrap();
    let to = pair.net.udp_bind(pair.bob, 5000).unwrap();
    let bob = ([10, 0, 0, 2], 5000);
    for data in ["one", "two", "three"] {
        pair.net.udp_send_to(from, data.as_bytes(), bob).unwrap();
    }
    assert!(pair.net.run_until_quiet(s(1)));
    let alice = ([10, 0, 0, 1], 49152).into();
    let net = &mut pair.net;
    assert_eq!(net.udp_recv_from(to).unwrap(), (b"one".to_vec(), alice));
    assert_eq!(net.udp_recv_from(to).unwrap(), (b"three".to_vec(), alice));
    let error = net.udp_recv_from(to).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let error = net.udp_bind(pair.bob, 5000).unwrap_err();
    assert_eq!(error.to_string(), "UDP port 5000 of bob is taken");
}

#[test]
fn nobody_listens_on_a_udp_port() {
    let mut pair = Pair::new();
    let from = pair.net.udp_bind(pair.alice, 0).unwrap();
    let bob = ([10, 0, 0, 2], 5000);
    pair.net.udp_send_to(from, b"hello?", bob).unwrap();
    assert!(pair.net.run_until_quiet(s(1)));
    let [report] = pair.net.icmp_reports(pair.alice) else { panic!() };
    assert_eq!(report.error, IcmpError::PortUnreachable);
    assert_eq!((report.from, report.time), (bob.0.into(), ms(40)));
}

/// The second is sent while the first still waits for ARP, and both go in
/// pieces.
#[test]
fn long_datagrams_go_in_pieces_and_come_whole() {
    let mut pair = Pair::new();
    let from = pair.net.udp_bind(pair.alice, 0).unwrap();
    let to = pair.net.udp_bind(pair.bob, 5000).unwrap();
    let bob = ([10, 0, 0, 2], 5000);
    let (long, longest) = (text(4000), text(65_507));
    pair.net.udp_send_to(from, &long, bob).unwrap();
    pair.net.udp_send_to(from, &longest, bob).unwrap();
    assert!(pair.net.run_until_quiet(s(1)));
    assert!(pair.net.udp_recv_from(to).unwrap().0 == long);
    assert!(pair.net.udp_recv_from(to).unwrap().0 == longest);
    assert_eq!(
        lines(&pair.net)[2],
        "0.020 s alice → bob IPv4 piece of UDP, 1480 bytes at 0, more follow"
    );
    let error = pair.net.udp_send_to(from, &text(65_508), bob).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a datagram has at most 65507 bytes here, not 65508"
    );
}

#[test]
fn who_is_not_there_stays_silent() {
    let mut pair = Pair::new();
    let answer = pair.net.ping(pair.alice, [10, 0, 0, 9], 64).unwrap();
    assert_eq!(answer, Ping::Silence);
    assert_eq!(pair.net.now(), s(5));
    let lose = Impairment::lose();
    pair.net.impair(pair.link, pair.bob, lose).unwrap();
    let answer = pair.net.ping(pair.alice, [10, 0, 0, 2], 64).unwrap();
    assert_eq!(answer.to_string(), "no answer within 5 s");
    assert_eq!(pair.net.now(), s(10));
    let error = pair.net.ping(pair.alice, [10, 9, 9, 9], 64).unwrap_err();
    assert_eq!(error.to_string(), "alice has no route to 10.9.9.9");
}
