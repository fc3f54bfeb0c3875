//! A TCP connection from its first segment to its last, on a virtual network.
//! For each segment: what it says, and the states of alice and bob after it.
//! `--lose 2` loses the second segment: see how TCP goes on.
mod args;

use std::collections::BTreeMap;
use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{Fate, Ladder, Link, Network, State, TcpSocket};

use args::Args;

/// TCP repairs each loss in much less time.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    let args = Args::read()?;

    // ANCHOR: network
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    let link = net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
    // ANCHOR_END: network
    if let Some(n) = args.lose {
        args::lose(&mut net, link, [alice, bob], n)?;
    }

    let mut ladder = Ladder::new(&net, alice);
    // ANCHOR: connect
    let server = net.tcp_listen(bob, 80)?;
    ladder.right(&net, net.state(server), "bob listens");
    ladder.left(&net, State::Closed, "alice connects");
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    until(&mut net, client, State::Established)?;
    // ANCHOR_END: connect

    // ANCHOR: data
    ladder.left(&net, net.state(client), "alice sends hello");
    net.send(client, b"hello")?;
    receive(&mut net, server, b"hello")?;
    ladder.right(&net, net.state(server), "bob has hello, sends welcome");
    net.send(server, b"welcome")?;
    receive(&mut net, client, b"welcome")?;
    // ANCHOR_END: data

    // ANCHOR: close
    ladder.left(&net, net.state(client), "alice has welcome, closes");
    net.close(client);
    until(&mut net, server, State::CloseWait)?;
    ladder.right(&net, net.state(server), "bob has read the end, closes");
    net.close(server);
    until(&mut net, server, State::Closed)?;
    until(&mut net, client, State::Closed)?;
    ladder.left(&net, net.state(client), "alice has waited long enough");
    // ANCHOR_END: close

    for line in ladder.lines(&net) {
        println!("{line}");
    }
    let syns = net.events().iter().filter_map(|event| {
        let segment = event.frame.tcp().filter(|it| it.flags.syn)?;
        Some((net.name(event.from), segment.seq))
    });
    for (who, seq) in BTreeMap::from_iter(syns) {
        println!("on the wire, {who}'s seq 0 is {seq}");
    }
    let lost = net.events().iter().any(|event| event.fate == Fate::Lost);
    if let (Some(n), false) = (args.lose, lost) {
        anyhow::bail!("--lose {n}: there are fewer segments");
    }
    if let Some(path) = args.pcap {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

/// Lets time pass until the socket is in the state.
fn until(
    net: &mut Network,
    socket: TcpSocket,
    state: State,
) -> anyhow::Result<()> {
    let reached = net.run_until(|net| net.state(socket) == state, PATIENCE);
    anyhow::ensure!(reached, "no {state} within {PATIENCE:?}");
    Ok(())
}

/// Lets time pass until all of `text` has come.
fn receive(
    net: &mut Network,
    socket: TcpSocket,
    text: &[u8],
) -> anyhow::Result<()> {
    let whole = |net: &mut Network| net.tcp(socket).recv_queue() == text.len();
    anyhow::ensure!(net.run_until(whole, PATIENCE), "not all bytes came");
    anyhow::ensure!(net.recv_all(socket)? == text, "other bytes came");
    Ok(())
}
