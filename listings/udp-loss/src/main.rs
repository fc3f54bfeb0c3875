//! Ten datagrams over a link that loses, delays and doubles; then the same
//! with a repair by hand: numbers, acknowledgements, and a timer.
mod repair;

use std::env;
use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{Frame, Impairment, Link, Network};

use repair::Repair;

const BOB: ([u8; 4], u16) = ([10, 0, 0, 2], 5000);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    let link = net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
    net.new_events();

    // ANCHOR: impair
    let late = Duration::from_millis(25);
    for what in [
        Impairment::lose().nth(3),
        Impairment::delay(late).nth(5),
        Impairment::duplicate().nth(7),
        Impairment::lose().nth(8),
    ] {
        net.impair(link, alice, what.of(Frame::is_udp))?;
    }
    // ANCHOR_END: impair

    // ANCHOR: ten
    println!("-- ten numbers, and no more");
    let from = net.udp_bind(alice, 0)?;
    let to = net.udp_bind(bob, BOB.1)?;
    for number in 1..=10 {
        net.udp_send_to(from, &[number], BOB)?;
        net.run_for(Duration::from_millis(10));
    }
    net.run_for(Duration::from_secs(1));
    for event in net.new_events() {
        let Some((_, _, data)) = event.frame.udp() else { continue };
        println!("{:>2} at {event}", data[0]);
    }
    let mut came = Vec::new();
    while let Ok((data, _)) = net.udp_recv_from(to) {
        came.push(data[0]);
    }
    println!("what came to bob: {came:?}");
    println!("alice was told of {} errors", net.icmp_reports(alice).len());
    // ANCHOR_END: ten

    // ANCHOR: three
    println!("-- three numbers, with repair");
    for from in [alice, bob] {
        let second = Impairment::lose().of(Frame::is_udp).nth(2);
        net.impair(link, from, second)?;
    }
    let net = &mut net;
    let mut repair = Repair { net, alice: from, bob: to, expected: 1 };
    for number in 1..=3 {
        repair.send(number)?;
    }
    // ANCHOR_END: three

    if let Some(path) = env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}
