//! The same two questions and answers, over UDP and over TCP: how long they
//! take on a link of 50 ms, and how many bytes they cost.
use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{Event, HostId, Link, Network};

const PATIENCE: Duration = Duration::from_secs(1);
const QUESTION: &[u8] = b"how far is the moon?";
const ANSWER: &[u8] = b"384400 km on average";

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(50);
    net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
    net.new_events();

    println!("-- over UDP");
    udp(&mut net, alice, bob)?;
    bill(net.new_events());
    println!("-- over TCP");
    tcp(&mut net, alice, bob)?;
    bill(net.new_events());

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

fn udp(net: &mut Network, alice: HostId, bob: HostId) -> anyhow::Result<()> {
    // ANCHOR: udp
    let server = net.udp_bind(bob, 5000)?;
    let client = net.udp_bind(alice, 0)?;
    let start = net.now();
    for nth in ["first", "second"] {
        net.udp_send_to(client, QUESTION, ([10, 0, 0, 2], 5000))?;
        let mut peer = None;
        let came = |net: &mut Network| {
            peer = net.udp_recv_from(server).ok().map(|(_, peer)| peer);
            peer.is_some()
        };
        net.run_until(came, PATIENCE);
        net.udp_send_to(server, ANSWER, peer.context("no question came")?)?;
        let came = |net: &mut Network| net.udp_recv_from(client).is_ok();
        anyhow::ensure!(net.run_until(came, PATIENCE), "no answer came");
        println!("the {nth} answer is here after {}", ms(net.now() - start));
    }
    // ANCHOR_END: udp
    Ok(())
}

fn tcp(net: &mut Network, alice: HostId, bob: HostId) -> anyhow::Result<()> {
    // ANCHOR: tcp
    let server = net.tcp_listen(bob, 80)?;
    let start = net.now();
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    net.run_until(|net| net.tcp(client).may_send(), PATIENCE);
    println!("alice is connected after {}", ms(net.now() - start));
    for nth in ["first", "second"] {
        net.send(client, QUESTION)?;
        net.run_until(|net| net.tcp(server).can_recv(), PATIENCE);
        anyhow::ensure!(net.recv_all(server)? == QUESTION, "no question came");
        net.send(server, ANSWER)?;
        net.run_until(|net| net.tcp(client).can_recv(), PATIENCE);
        anyhow::ensure!(net.recv_all(client)? == ANSWER, "no answer came");
        println!("the {nth} answer is here after {}", ms(net.now() - start));
    }
    // ANCHOR_END: tcp
    net.close(client);
    net.run_for(PATIENCE);
    net.close(server);
    net.run_for(PATIENCE);
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

/// How many packets, and what is in them.
fn bill(events: &[Event]) {
    let bytes: usize = events.iter().map(|e| e.frame.payload().len()).sum();
    let data: usize = events
        .iter()
        .filter_map(|e| {
            let udp = e.frame.udp().map(|(_, _, data)| data.len());
            udp.or_else(|| Some(e.frame.tcp()?.payload.len()))
        })
        .sum();
    let (packets, headers) = (events.len(), bytes - data);
    println!("{packets} packets: {headers} bytes of headers, {data} of data");
}
