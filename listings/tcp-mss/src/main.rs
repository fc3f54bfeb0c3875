//! How long may a segment be? Each SYN carries an option that says what its
//! sender can take, and the smaller of the two ends' numbers decides.
use std::fs::File;
use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context;
use virtual_network::smoltcp::wire::TcpPacket;
use virtual_network::{Event, HostId, Link, Network};

const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    // ANCHOR: network
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.1.0.1/16", "fd00:1::1/64"])?;
    let bob = net.add_host("bob", &["10.2.0.1/16", "fd00:2::1/64"])?;
    let carol = net.add_host("carol", &["10.3.0.1/16", "fd00:3::1/64"])?;
    let router = net.add_router("router");
    for (host, number, mtu) in
        [(alice, 1, 1500), (bob, 2, 1500), (carol, 3, 1300)]
    {
        let v4 = format!("10.{number}.255.254");
        let v6 = format!("fd00:{number}::fe");
        let own = [format!("{v4}/16"), format!("{v6}/64")];
        let port = net.add_port(router, &own.each_ref().map(|a| &**a))?;
        net.link(host, port, Link::default().mtu(mtu))?;
        net.add_gateway(host, v4.parse::<IpAddr>()?)?;
        net.add_gateway(host, v6.parse::<IpAddr>()?)?;
    }
    // ANCHOR_END: network

    send(&mut net, "bob", [alice, bob], "10.2.0.1")?;
    send(&mut net, "bob", [alice, bob], "fd00:2::1")?;
    send(&mut net, "carol", [alice, carol], "10.3.0.1")?;

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

// ANCHOR: send
/// Alice sends 4000 bytes.
fn send(
    net: &mut Network,
    name: &str,
    [alice, server]: [HostId; 2],
    to: &str,
) -> anyhow::Result<()> {
    println!("-- alice to {name}, {to}");
    net.tcp_listen(server, 80)?;
    let client = net.tcp_connect(alice, (to.parse::<IpAddr>()?, 80))?;
    net.run_for(SECOND);
    net.send(client, &[b'x'; 4000])?;
    net.run_for(SECOND);

    let events = net.new_events();
    for (who, from) in [("alice", alice), (name, server)] {
        let sent = events.iter().filter(|event| event.from == from.into());
        let mss = sent.clone().find_map(mss).context("no SYN")?;
        println!("{who}'s SYN says: MSS {mss}");
    }
    let sent = events.iter().filter(|event| event.from == alice.into());
    let lens: Vec<_> = sent
        .filter_map(|event| Some(event.frame.tcp()?.payload.len()))
        .filter(|&len| len > 0)
        .map(|len| len.to_string())
        .collect();
    println!("4000 bytes go as {}", lens.join(" + "));
    Ok(())
}

/// The option of a SYN (RFC 9293, section 3.7.1).
fn mss(event: &Event) -> Option<u16> {
    event.frame.tcp()?;
    let segment = TcpPacket::new_checked(event.frame.ip()?.payload).ok()?;
    segment.options_summary().ok()?.max_segment_size
}
// ANCHOR_END: send
