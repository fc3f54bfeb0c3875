//! alice knows bob's IP address, but a frame needs the address of his network
//! card. She asks everybody on the link, once. Then the same over IPv6.
use std::fs::File;
use std::net::Ipv6Addr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{Event, Link, Mac, Network};

fn main() -> anyhow::Result<()> {
    // ANCHOR: network
    let mut net = Network::new();
    let switch = net.add_switch("switch");
    let alice = net.add_host("alice", &["10.0.0.1/24", "fd00::1/64"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24", "fd00::2/64"])?;
    let carol = net.add_host("carol", &["10.0.0.3/24", "fd00::3/64"])?;
    for host in [alice, bob, carol] {
        net.link(host, switch, Link::default())?;
        println!("{}'s card has {}", net.name(host), net.mac(host));
    }
    // ANCHOR_END: network

    // ANCHOR: pings
    println!("-- alice pings 10.0.0.2");
    let answer = net.ping(alice, [10, 0, 0, 2], 64)?;
    for event in net.new_events() {
        println!("{event}");
        if event.from != switch.into() {
            print_header(event)?;
        }
    }
    println!("ping: {answer}");

    println!("-- and again");
    let answer = net.ping(alice, [10, 0, 0, 2], 64)?;
    for event in net.new_events() {
        println!("{event}");
    }
    println!("ping: {answer}");
    // ANCHOR_END: pings

    println!("-- what the switch has learnt");
    for (mac, neighbour) in net.learnt(switch) {
        println!("{mac} is behind the cable to {}", net.name(neighbour));
    }

    // A host of this network asks at most one question a second.
    net.run_for(Duration::from_secs(1));
    println!("-- alice pings fd00::2: the frames of NDP");
    net.ping(alice, Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2), 64)?;
    for event in net.new_events() {
        if event.what().starts_with("NDP") {
            println!("{event}");
            if event.from != switch.into() {
                print_header(event)?;
            }
        }
    }

    println!("-- all that came to carol's card");
    for event in net.events() {
        if event.to == carol.into() {
            println!("{}", event.what());
        }
    }

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", Path::new(&path).display());
        let file = File::create(&path).with_context(show)?;
        net.write_pcap(file).with_context(show)?;
    }
    Ok(())
}

/// What the frame's header says: its 14 bytes, in their order.
fn print_header(event: &Event) -> anyhow::Result<()> {
    let header = event.frame.ethernet().context("no Ethernet header")?;
    println!(
        "{:22} to {} from {} type {:04x}",
        "",
        Mac::from(header.dst_addr()),
        Mac::from(header.src_addr()),
        u16::from(header.ethertype()),
    );
    Ok(())
}
