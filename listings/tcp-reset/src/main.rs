//! Resets on a virtual network: nobody listens on a port, a connection is
//! broken off, and an end is gone without the other knowing. For each
//! segment: what it says, and the states of alice and bob after it.
use std::fs::File;
use std::io;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{
    HostId, Impairment, Ladder, Link, LinkId, Network, State, TcpSocket,
};

const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    let link = net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done

    nobody_listens(&mut net, alice)?;
    broken_off(&mut net, alice, bob)?;
    gone(&mut net, alice, bob, link)?;

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

/// Alice's and bob's socket of a new connection.
fn connect(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
) -> anyhow::Result<[TcpSocket; 2]> {
    let server = net.tcp_listen(bob, 80)?;
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    net.run_for(SECOND);
    Ok([client, server])
}

fn nobody_listens(net: &mut Network, alice: HostId) -> anyhow::Result<()> {
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: nobody_listens
    ladder.left(net, State::Closed, "alice connects to port 81");
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 81))?;
    net.run_for(SECOND);
    let got = outcome(net.recv_all(client));
    ladder.left(net, net.state(client), &format!("alice gets: {got}"));
    // ANCHOR_END: nobody_listens
    print("nobody listens", &ladder, net);
    Ok(())
}

fn broken_off(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
) -> anyhow::Result<()> {
    let [client, server] = connect(net, alice, bob)?;
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: broken_off
    ladder.left(net, net.state(client), "alice sends hello");
    net.send(client, b"hello")?;
    net.run_for(SECOND);
    ladder.left(net, net.state(client), "alice breaks off");
    net.abort(client);
    net.run_for(SECOND);
    for _ in 0..2 {
        let got = outcome(net.recv_all(server));
        ladder.right(net, net.state(server), &format!("bob gets: {got}"));
    }
    // ANCHOR_END: broken_off
    print("broken off", &ladder, net);
    Ok(())
}

fn gone(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
    link: LinkId,
) -> anyhow::Result<()> {
    let [client, server] = connect(net, alice, bob)?;
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: gone
    net.impair(link, bob, Impairment::lose().nth(1))?;
    ladder.right(net, net.state(server), "bob breaks off");
    net.abort(server);
    net.run_for(900 * SECOND);
    ladder.left(net, net.state(client), "15 minutes later, alice sends hello");
    net.send(client, b"hello")?;
    net.run_for(SECOND);
    let got = outcome(net.recv_all(client));
    ladder.left(net, net.state(client), &format!("alice gets: {got}"));
    // ANCHOR_END: gone
    print("bob is gone", &ladder, net);
    Ok(())
}

/// What a program gets: bytes, or an error.
fn outcome(result: io::Result<Vec<u8>>) -> String {
    match result {
        Ok(bytes) => format!("{:?}", String::from_utf8_lossy(&bytes)),
        Err(e) => e.kind().to_string(),
    }
}

fn print(title: &str, ladder: &Ladder, net: &Network) {
    println!("-- {title}");
    for line in ladder.lines(net) {
        println!("{line}");
    }
}
