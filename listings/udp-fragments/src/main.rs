//! A datagram that does not fit the link. Over IPv4 it goes in pieces, and
//! with one piece lost all is lost. Over IPv6 a router refuses it.
use std::env;
use std::fs::File;
use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{Frame, Impairment, Link, LinkId, Network, UdpSocket};

const PORT: u16 = 5000;

fn main() -> anyhow::Result<()> {
    // ANCHOR: network
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.1.1/24", "fd00:1::1/64"])?;
    let bob = net.add_host("bob", &["10.0.2.2/24"])?;
    let carol = net.add_host("carol", &["fd00:3::3/64"])?;
    let router = net.add_router("router");
    let near = net.add_port(router, &["10.0.1.254/24", "fd00:1::fe/64"])?;
    let far = net.add_port(router, &["10.0.2.254/24"])?;
    let narrow = net.add_port(router, &["fd00:3::fe/64"])?;
    let link = net.link(alice, near, Link::default())?; // MTU 1500
    net.link(far, bob, Link::default())?;
    net.link(narrow, carol, Link::default().mtu(1280))?;
    // ANCHOR_END: network

    for (host, gateway) in [
        (alice, "10.0.1.254"),
        (alice, "fd00:1::fe"),
        (bob, "10.0.2.254"),
        (carol, "fd00:3::fe"),
    ] {
        net.add_gateway(host, gateway.parse::<IpAddr>()?)?;
    }
    let v4 = IpAddr::from([10, 0, 2, 2]);
    let v6: IpAddr = "fd00:3::3".parse()?;
    for addr in [v4, v6] {
        net.ping(alice, addr, 64)?; // so that ARP and NDP are done
        // A host of this network asks at most one question a second.
        net.run_for(Duration::from_secs(1));
    }
    let from = net.udp_bind(alice, 0)?;
    let to_bob = net.udp_bind(bob, PORT)?;
    let to_carol = net.udp_bind(carol, PORT)?;
    net.new_events();

    // ANCHOR: pieces
    let long: Vec<u8> = (0..4000u16).map(|i| i as u8).collect();
    println!("-- IPv4: alice sends bob one datagram of 4000 bytes");
    net.udp_send_to(from, &long, (v4, PORT))?;
    show(&mut net, link);
    what_came(&mut net, "bob", to_bob);

    println!("-- the same, and the second piece is lost");
    let second = Impairment::lose().of(is_piece).nth(2);
    net.impair(link, alice, second)?;
    net.udp_send_to(from, &long, (v4, PORT))?;
    show(&mut net, link);
    what_came(&mut net, "bob", to_bob);
    println!("alice was told of {} errors", net.icmp_reports(alice).len());
    // ANCHOR_END: pieces

    for len in [1400, 1232] {
        println!("-- IPv6: alice sends carol one datagram of {len} bytes");
        net.udp_send_to(from, &long[..len], (v6, PORT))?;
        show(&mut net, link);
        what_came(&mut net, "carol", to_carol);
    }

    if let Some(path) = env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

fn is_piece(frame: &Frame) -> bool {
    frame.ip().is_some_and(|packet| packet.fragment.is_some())
}

/// Lets a second pass, and prints what crossed alice's link.
fn show(net: &mut Network, link: LinkId) {
    net.run_for(Duration::from_secs(1));
    for event in net.new_events().iter().filter(|event| event.link == link) {
        println!("{event}");
        let packet = event.frame.ip();
        match packet.and_then(|packet| packet.fragment) {
            Some((0, _)) => println!("        begins with UDP's header"),
            Some(_) => println!("        all data: no header, no port"),
            None => {}
        }
    }
}

fn what_came(net: &mut Network, name: &str, socket: UdpSocket) {
    match net.udp_recv_from(socket) {
        Ok((data, _)) => println!("{name} receives {} bytes", data.len()),
        Err(_) => println!("{name} receives nothing"),
    }
}
