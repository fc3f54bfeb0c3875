//! A TCP connection from its first packet to its last. For each packet: what
//! it says, and the state in which it leaves alice and bob. It runs on a
//! virtual network, so it prints the same on every system.
use std::time::Duration;

use virtual_network::{Event, HostId, Link, Network, State};

const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    net.link(alice, bob, Link::default().delay(Duration::from_millis(10)))?;

    println!("alice                                            bob");

    let server = net.tcp_listen(bob, 80)?;
    show("bob listens, alice connects", [State::Closed, net.state(server)]);
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    net.run_for(SECOND);
    show_packets(&mut net, alice);

    show("alice sends hello", [client, server].map(|s| net.state(s)));
    net.send(client, b"hello")?;
    net.run_for(SECOND);
    show_packets(&mut net, alice);
    let text = net.recv_all(server)?;

    show("alice closes", [client, server].map(|s| net.state(s)));
    net.close(client);
    net.run_for(SECOND);
    show_packets(&mut net, alice);

    show("bob closes", [client, server].map(|s| net.state(s)));
    net.close(server);
    net.run_for(SECOND);
    show_packets(&mut net, alice);

    net.run_until_quiet(60 * SECOND);
    show("much later", [client, server].map(|s| net.state(s)));
    println!("bob got {:?}", String::from_utf8_lossy(&text));
    Ok(())
}

fn show(what: &str, [alice, bob]: [State; 2]) {
    println!("{:12}    {:33} {bob}", alice.to_string(), format!("({what})"));
}

fn show_packets(net: &mut Network, alice: HostId) {
    for event in net.new_events() {
        let Some(states) = event.states else { continue }; // ARP
        let what = words(event).unwrap_or_default();
        let (left, arrow, right) = if event.from == alice.into() {
            (states.sender, "──→", states.receiver)
        } else {
            (states.receiver, "←──", states.sender)
        };
        println!("{:12} {arrow} {what:29} {arrow} {right}", left.to_string());
    }
}

fn words(event: &Event) -> Option<String> {
    let segment = event.frame.tcp()?;
    let mut words = format!("{} seq {}", segment.flags, event.relative_seq()?);
    if let Some(ack) = event.relative_ack() {
        words += &format!(" ack {ack}");
    }
    if !segment.payload.is_empty() {
        words += &format!(", {} bytes", segment.payload.len());
    }
    Some(words)
}
