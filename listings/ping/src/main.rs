//! An echo request and its reply; one that is lost; one for nobody. Then what
//! an answer does not say, and what silence does not say.
use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use virtual_network::smoltcp::wire::IpProtocol;
use virtual_network::{Frame, HostId, Impairment, Link, Network};

const BOB: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 2, 1));
const BOB_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 2, 0, 0, 0, 0, 0, 1));
const NOBODY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 2, 99));

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.1.1/24", "fd00:1::1/64"])?;
    let bob = net.add_host("bob", &["10.0.2.1/24", "fd00:2::1/64"])?;
    let router = net.add_router("router");
    let left = net.add_port(router, &["10.0.1.254/24", "fd00:1::fe/64"])?;
    let right = net.add_port(router, &["10.0.2.254/24", "fd00:2::fe/64"])?;
    let ms = Duration::from_millis;
    net.link(alice, left, Link::default().delay(ms(10)))?;
    let far = net.link(right, bob, Link::default().delay(ms(20)))?;
    for (host, network) in [(alice, 1), (bob, 2)] {
        net.add_gateway(host, [10, 0, network, 254])?;
        let network = u16::from(network);
        let gateway = Ipv6Addr::new(0xfd00, network, 0, 0, 0, 0, 0, 0xfe);
        net.add_gateway(host, gateway)?;
    }

    println!("-- what alice sends, and what she gets");
    for bob in [BOB, BOB_V6] {
        net.ping(alice, bob, 64)?;
        for event in net.new_events() {
            let hers = [event.from, event.to].contains(&alice.into());
            if hers && let Some(message) = echo(&event.frame) {
                print_echo(message);
            }
        }
    }

    // ANCHOR: answers
    println!("-- three pings, the second reply is lost");
    for number in 1..=3 {
        if number == 2 {
            let lost = Impairment::lose().of(is_echo).nth(1);
            net.impair(far, bob, lost)?;
        }
        println!("ping: {}", net.ping(alice, BOB, 64)?);
    }
    println!("-- nobody has this address");
    println!("ping {NOBODY}: {}", net.ping(alice, NOBODY, 64)?);
    // ANCHOR_END: answers

    println!("-- bob answers, and no server runs there");
    println!("ping: {}", net.ping(alice, BOB, 64)?);
    net.new_events();
    net.tcp_connect(alice, (BOB, 80))?;
    print_tcp(&mut net, alice);

    // ANCHOR: firewall
    println!("-- bob is silent, and a server runs there");
    net.impair(far, router, Impairment::lose().of(is_echo))?;
    net.tcp_listen(bob, 80)?;
    println!("ping: {}", net.ping(alice, BOB, 64)?);
    net.new_events();
    net.tcp_connect(alice, (BOB, 80))?;
    print_tcp(&mut net, alice);
    // ANCHOR_END: firewall

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", Path::new(&path).display());
        let file = File::create(&path).with_context(show)?;
        net.write_pcap(file).with_context(show)?;
    }
    Ok(())
}

fn is_echo(frame: &Frame) -> bool {
    echo(frame).is_some()
}

/// The first eight bytes of an echo request or reply.
fn echo(frame: &Frame) -> Option<[u8; 8]> {
    let packet = frame.ip()?;
    let message = *packet.payload.first_chunk::<8>()?;
    let is_echo = match packet.protocol {
        IpProtocol::Icmp => matches!(message[0], 8 | 0),
        IpProtocol::Icmpv6 => matches!(message[0], 128 | 129),
        _ => false,
    };
    is_echo.then_some(message)
}

fn print_echo([kind, code, a, b, c, d, e, f]: [u8; 8]) {
    let identifier = u16::from_be_bytes([c, d]);
    let number = u16::from_be_bytes([e, f]);
    println!(
        "type {kind}, code {code}, checksum {a:02x}{b:02x}, \
         identifier {identifier}, sequence number {number}"
    );
}

/// Lets a second pass, and prints the segments that alice sent and got.
fn print_tcp(net: &mut Network, alice: HostId) {
    net.run_for(Duration::from_secs(1));
    for event in net.new_events() {
        let hers = [event.from, event.to].contains(&alice.into());
        if hers && event.frame.tcp().is_some() {
            println!("{event}");
        }
    }
}
