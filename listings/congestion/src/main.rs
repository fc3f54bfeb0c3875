//! Bob's window is wide open, and yet alice does not fill it at once: she
//! begins with one segment, sends more in each round trip, and less after a
//! loss. A line for each round trip, a mark for each segment.
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::RangeInclusive;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{
    Buffers, Event, Fate, Frame, HostId, Impairment, Link, LinkId, Network,
};

/// There and back.
const ROUND_TRIP: Duration = Duration::from_millis(100);
const MINUTE: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let link = net.link(alice, bob, Link::default().delay(ROUND_TRIP / 2))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done

    // ANCHOR: scenes
    println!("-- nothing is lost");
    transfer(&mut net, [alice, bob], 200)?;

    println!("-- one segment is lost, the 40th");
    lose(&mut net, link, alice, 40..=40)?;
    transfer(&mut net, [alice, bob], 200)?;

    println!("-- a whole round trip is lost, the 16th to the 31st");
    lose(&mut net, link, alice, 16..=31)?;
    transfer(&mut net, [alice, bob], 80)?;
    // ANCHOR_END: scenes

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

/// Loses data segments that `from` sends, counted from now on.
fn lose(
    net: &mut Network,
    link: LinkId,
    from: HostId,
    which: RangeInclusive<u64>,
) -> io::Result<()> {
    for n in which {
        let lose = Impairment::lose().of(Frame::has_data).nth(n);
        net.impair(link, from, lose)?;
    }
    Ok(())
}

/// Alice has so many full segments to send; bob's program reads at once.
fn transfer(
    net: &mut Network,
    [alice, bob]: [HostId; 2],
    segments: usize,
) -> anyhow::Result<()> {
    let text = vec![b'x'; segments * 1460];
    // ANCHOR: transfer
    let server = net.tcp_listen(bob, 80)?;
    net.tcp_mut(server).set_ack_delay(None); // an ACK for each segment
    let roomy = Buffers { send: text.len(), ..Buffers::default() };
    let client = net.tcp_connect_with(alice, ([10, 0, 0, 2], 80), roomy)?;
    net.run_for(ROUND_TRIP); // alice gets the SYN+ACK
    let start = net.now();
    net.new_events(); // no data so far

    net.send(client, &text)?; // into her buffer: she has all to send
    let mut came = 0;
    let all = net.run_until(
        |net| {
            came += net.recv_all(server).map_or(0, |piece| piece.len());
            came == text.len()
        },
        MINUTE,
    );
    anyhow::ensure!(all, "only {came} bytes came");
    // ANCHOR_END: transfer
    print_rounds(start, net.new_events());
    Ok(())
}

/// A line for each round trip in which alice sent: the marks are segments.
fn print_rounds(start: Duration, events: &[Event]) {
    let mut rounds: BTreeMap<u128, String> = BTreeMap::new();
    let mut newest = 0;
    for event in events.iter().filter(|event| event.frame.has_data()) {
        let round = (event.time - start).as_micros() / ROUND_TRIP.as_micros();
        let seq = event.relative_seq().unwrap_or(0);
        let mark = match event.fate {
            Fate::Lost => 'x',
            _ if seq <= newest => 'r', // again
            _ => '.',
        };
        newest = newest.max(seq);
        rounds.entry(round + 1).or_default().push(mark);
    }
    for (round, marks) in rounds {
        println!("round trip {round:>2}: {:>2} {marks}", marks.len());
    }
}
