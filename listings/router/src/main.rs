//! Two routers between alice and bob: what changes in a packet on its way,
//! which routers it meets, and what comes back when it cannot go on.
use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use anyhow::Context;
use virtual_network::{Event, HostId, Link, Mac, Network, Ping};

const BOB: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 3, 1));
const BOB_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 3, 0, 0, 0, 0, 0, 1));

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let [alice, carol] = build(&mut net)?;

    println!("-- carol knows no router");
    match net.ping(carol, BOB, 64) {
        Ok(answer) => println!("carol to {BOB}: {answer}"),
        Err(e) => println!("carol to {BOB}: not sent: {e}"),
    }

    for bob in [BOB, BOB_V6] {
        net.ping(alice, bob, 64)?; // so that every card's address is known
        let before = net.events().len();
        println!("-- from alice to {bob}");
        net.ping(alice, bob, 64)?;
        for event in &net.events()[before..] {
            if event.frame.ip().is_some_and(|ip| ip.destination == bob) {
                print_packet(&net, event)?;
            }
        }
    }

    // ANCHOR: traceroute
    println!("-- alice traces the way to {BOB}");
    for ttl in 1..=8 {
        let answer = net.ping(alice, BOB, ttl)?;
        println!("ttl {ttl}: {answer}");
        if let Ping::Reply { .. } = answer {
            break;
        }
    }
    // ANCHOR_END: traceroute

    println!("-- where nobody is");
    for to in [[10, 0, 3, 99], [192, 0, 2, 1], [10, 0, 1, 99]] {
        let to = IpAddr::from(to);
        println!("alice to {to}: {}", net.ping(alice, to, 64)?);
    }

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", Path::new(&path).display());
        let file = File::create(&path).with_context(show)?;
        net.write_pcap(file).with_context(show)?;
    }
    Ok(())
}

/// The network of the chapter's map; gives alice and carol.
fn build(net: &mut Network) -> anyhow::Result<[HostId; 2]> {
    let alice = net.add_host("alice", &["10.0.1.1/24", "fd00:1::1/64"])?;
    let carol = net.add_host("carol", &["10.0.1.2/24", "fd00:1::2/64"])?;
    let bob = net.add_host("bob", &["10.0.3.1/24", "fd00:3::1/64"])?;

    let west = net.add_router("west");
    let west_1 = net.add_port(west, &["10.0.1.254/24", "fd00:1::fe/64"])?;
    let west_2 = net.add_port(west, &["10.0.2.1/24", "fd00:2::1/64"])?;
    let east = net.add_router("east");
    let east_2 = net.add_port(east, &["10.0.2.2/24", "fd00:2::2/64"])?;
    let east_3 = net.add_port(east, &["10.0.3.254/24", "fd00:3::fe/64"])?;

    let switch = net.add_switch("switch");
    net.link(alice, switch, Link::default())?;
    net.link(carol, switch, Link::default())?;
    net.link(west_1, switch, Link::default())?;
    net.link(west_2, east_2, Link::default())?;
    net.link(east_3, bob, Link::default())?;

    // ANCHOR: routes
    net.add_route(west, "10.0.3.0/24", [10, 0, 2, 2])?;
    net.add_route(east, "10.0.1.0/24", [10, 0, 2, 1])?;
    net.add_gateway(alice, [10, 0, 1, 254])?;
    net.add_gateway(bob, [10, 0, 3, 254])?;
    // ANCHOR_END: routes

    // The same for IPv6.
    let v6 =
        |network, host| Ipv6Addr::new(0xfd00, network, 0, 0, 0, 0, 0, host);
    net.add_route(west, "fd00:3::/64", v6(2, 2))?;
    net.add_route(east, "fd00:1::/64", v6(2, 1))?;
    net.add_gateway(alice, v6(1, 0xfe))?;
    net.add_gateway(bob, v6(3, 0xfe))?;
    Ok([alice, carol])
}

/// What the frame's header says, and what the header of the packet in it.
fn print_packet(net: &Network, event: &Event) -> anyhow::Result<()> {
    println!("{} → {}", net.name(event.from), net.name(event.to));
    let frame = event.frame.ethernet().context("no Ethernet header")?;
    let (from, to) = (frame.src_addr(), frame.dst_addr());
    println!("    MAC {} → {}", Mac::from(from), Mac::from(to));
    let ip = event.frame.ip().context("no IP header")?;
    print!("    IP {} → {}", ip.source, ip.destination);
    match event.frame.payload() {
        // Version 4: the checksum is in bytes 10 and 11 of the header.
        [_, _, _, _, _, _, _, _, ttl, _, a, b, ..] if ip.source.is_ipv4() => {
            println!(", TTL {ttl}, checksum {a:02x}{b:02x}");
        }
        _ => println!(", hop limit {}", ip.hop_limit),
    }
    Ok(())
}
