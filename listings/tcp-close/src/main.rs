//! How TCP connections close, on a virtual network: one end after the other,
//! both at once, and with the last acknowledgement lost. For each segment:
//! what it says, and the states of alice and bob after it.
use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{
    HostId, Impairment, Ladder, Link, LinkId, Network, TcpSocket,
};

const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    let link = net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done

    one_after_the_other(&mut net, alice, bob)?;
    both_at_once(&mut net, alice, bob)?;
    last_ack_lost(&mut net, alice, bob, link)?;

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

fn one_after_the_other(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
) -> anyhow::Result<()> {
    let [client, server] = connect(net, alice, bob)?;
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: one_after_the_other
    ladder.left(net, net.state(client), "alice closes");
    net.close(client);
    net.run_for(SECOND);
    ladder.right(net, net.state(server), "bob still sends welcome");
    net.send(server, b"welcome")?;
    net.run_for(SECOND);
    let late = String::from_utf8(net.recv_all(client)?)?;
    ladder.left(net, net.state(client), &format!("alice reads {late:?}"));
    ladder.right(net, net.state(server), "bob closes");
    net.close(server);
    net.run_until_quiet(60 * SECOND);
    ladder.left(net, net.state(client), "alice has waited long enough");
    // ANCHOR_END: one_after_the_other
    print("one after the other", &ladder, net);
    Ok(())
}

fn both_at_once(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
) -> anyhow::Result<()> {
    let [client, server] = connect(net, alice, bob)?;
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: both_at_once
    ladder.left(net, net.state(client), "alice closes");
    net.close(client);
    ladder.right(net, net.state(server), "bob closes");
    net.close(server);
    net.run_until_quiet(60 * SECOND);
    ladder.left(net, net.state(client), "alice has waited long enough");
    ladder.right(net, net.state(server), "and so has bob");
    // ANCHOR_END: both_at_once
    print("both at once", &ladder, net);
    Ok(())
}

fn last_ack_lost(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
    link: LinkId,
) -> anyhow::Result<()> {
    let [client, server] = connect(net, alice, bob)?;
    let mut ladder = Ladder::new(net, alice);
    // ANCHOR: last_ack_lost
    // From now on, alice's first frame is her FIN, her second the last ACK.
    net.impair(link, alice, Impairment::lose().nth(2))?;
    ladder.left(net, net.state(client), "alice closes");
    net.close(client);
    net.run_for(SECOND);
    ladder.right(net, net.state(server), "bob closes");
    net.close(server);
    net.run_until_quiet(60 * SECOND);
    ladder.left(net, net.state(client), "alice has waited long enough");
    // ANCHOR_END: last_ack_lost
    print("the last ACK is lost", &ladder, net);
    Ok(())
}

fn print(title: &str, ladder: &Ladder, net: &Network) {
    println!("-- {title}");
    for line in ladder.lines(net) {
        println!("{line}");
    }
}
