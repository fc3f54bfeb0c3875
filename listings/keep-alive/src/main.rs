//! Keep-alive on a virtual network: a silent connection is probed; then the
//! link is cut, and the probes find out. After that, the same option on a
//! socket of the kernel.
use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::Context;
use socket2::{SockRef, TcpKeepalive};
use virtual_network::{Impairment, Ladder, Link, Network, State};

const SECOND: Duration = Duration::from_secs(1);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    let link = net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done

    println!("-- a silent connection");
    // ANCHOR: set
    let mut ladder = Ladder::new(&net, alice);
    ladder.left(&net, State::Closed, "alice connects");
    let server = net.tcp_listen(bob, 80)?;
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    let socket = net.tcp_mut(client);
    socket.set_keep_alive(Some((10 * SECOND).into()));
    socket.set_timeout(Some((25 * SECOND).into()));
    // ANCHOR_END: set

    // ANCHOR: cut
    net.run_for(25 * SECOND);
    ladder.left(&net, net.state(client), "the cable is cut");
    net.impair(link, alice, Impairment::lose())?;
    net.impair(link, bob, Impairment::lose())?;
    net.run_for(60 * SECOND);
    ladder.right(&net, net.state(server), "bob, 40 s later");
    // ANCHOR_END: cut
    for line in ladder.lines(&net) {
        println!("{line}");
    }

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    kernel()
}

fn kernel() -> anyhow::Result<()> {
    println!("-- a socket of the kernel");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    // ANCHOR: kernel
    let stream = TcpStream::connect(listener.local_addr()?)?;
    let socket = SockRef::from(&stream);
    println!("keep-alive is on: {}", socket.keepalive()?);

    let probes = TcpKeepalive::new()
        .with_time(10 * SECOND)
        .with_interval(2 * SECOND)
        .with_retries(3);
    socket.set_tcp_keepalive(&probes)?;
    println!("keep-alive is on: {}", socket.keepalive()?);
    println!("probes without an answer: {}", socket.tcp_keepalive_retries()?);
    // ANCHOR_END: kernel
    Ok(())
}
