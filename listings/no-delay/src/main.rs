//! A message in two writes, and a wait for the answer: measured on the kernel
//! with and without Nagle's algorithm, and in one write; then the segments, on
//! a virtual network.
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use virtual_network::{HostId, Ladder, Link, Network};

const SECOND: Duration = Duration::from_secs(1);
const EXCHANGES: usize = 21;

fn main() -> anyhow::Result<()> {
    println!("-- measured");
    // ANCHOR: three_ways
    let two = [&b"\x04"[..], b"ping"];
    let one = [&b"\x04ping"[..]];
    println!("two writes:             {:.1?}", measure(&two, false)?);
    println!("two writes, no delay:   {:.1?}", measure(&two, true)?);
    println!("one write:              {:.1?}", measure(&one, false)?);
    // ANCHOR_END: three_ways

    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    net.link(alice, bob, Link::default())?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
    exchange(&mut net, alice, bob, true)?;
    exchange(&mut net, alice, bob, false)?;

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

// ANCHOR: measure
/// How long an exchange takes, on the kernel: the median of many.
fn measure(writes: &[&[u8]], no_delay: bool) -> anyhow::Result<Duration> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    client.set_nodelay(no_delay)?;
    let (stream, _) = listener.accept()?;
    let server = thread::spawn(move || answer(stream));

    let mut times = Vec::new();
    for _ in 0..EXCHANGES {
        let start = Instant::now();
        for bytes in writes {
            client.write_all(bytes)?;
        }
        client.read_exact(&mut [0; 4])?;
        times.push(start.elapsed());
    }
    drop(client);
    server.join().expect("the server does not panic")?;
    times.sort();
    Ok(times[EXCHANGES / 2])
}
// ANCHOR_END: measure

/// Answers each message: a byte with the length, and so many bytes.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut length = [0];
    while stream.read(&mut length)? == 1 {
        let mut message = vec![0; length[0].into()];
        stream.read_exact(&mut message)?;
        stream.write_all(b"pong")?;
    }
    Ok(())
}

/// One exchange on the virtual network.
fn exchange(
    net: &mut Network,
    alice: HostId,
    bob: HostId,
    nagle: bool,
) -> anyhow::Result<()> {
    let server = net.tcp_listen(bob, 80)?;
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    net.run_for(SECOND);
    // ANCHOR: exchange
    let late = Duration::from_millis(40);
    net.tcp_mut(client).set_ack_delay(Some(late.into()));
    net.tcp_mut(server).set_ack_delay(Some(late.into()));
    net.tcp_mut(client).set_nagle_enabled(nagle);

    println!("-- the segments, Nagle's algorithm {}", on_off(nagle));
    let mut ladder = Ladder::new(net, alice);
    ladder.left(net, net.state(client), "alice writes 1 byte, then 4");
    net.send(client, b"\x04")?;
    net.send(client, b"ping")?;
    let mut came = 0;
    while came < 5 {
        net.run_for(Duration::from_micros(100));
        came += net.recv_all(server)?.len();
    }
    ladder.right(net, net.state(server), "bob has all 5, and answers");
    net.send(server, b"pong")?;
    // ANCHOR_END: exchange
    net.run_for(SECOND);
    for line in ladder.lines(net) {
        println!("{line}");
    }
    net.close(client);
    net.close(server);
    net.run_for(20 * SECOND);
    Ok(())
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}
