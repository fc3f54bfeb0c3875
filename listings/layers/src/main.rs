//! `hello` goes down alice's layers: TCP, IPv4 and Ethernet each put a header
//! in front. Bob's layers look at these headers, and take them off again. Then
//! something is changed on the way, and a layer notices.
mod show;

use std::fs::File;
use std::time::Duration;

use anyhow::{Context, ensure};
use virtual_network::smoltcp::wire::{
    EthernetAddress, EthernetFrame, EthernetProtocol, IpProtocol, Ipv4Address,
    Ipv4Packet, TcpPacket, TcpSeqNumber,
};
use virtual_network::{Link, Network};

const ALICE: Ipv4Address = Ipv4Address::new(10, 0, 0, 1);
const BOB: Ipv4Address = Ipv4Address::new(10, 0, 0, 2);
const ALICE_MAC: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 1]);
const BOB_MAC: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 2]);
const PORTS: (u16, u16) = (49152, 80);
const HOUR: Duration = Duration::from_secs(3600);

fn main() -> anyhow::Result<()> {
    // A connection stands: alice called port 80 of bob.
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    net.link(alice, bob, Link::default())?;
    net.tcp_listen(bob, PORTS.1)?;
    let client = net.tcp_connect(alice, (BOB, PORTS.1))?;
    net.run_until_quiet(HOUR);
    let last = net.events().last().context("nothing was sent")?;
    let last = last.frame.tcp().context("no segment")?;
    let numbers = (last.seq, last.ack, last.window);

    // ANCHOR: down
    let data = b"hello";
    println!("-- alice, application: {} bytes of data", data.len());
    show::bytes("data", data);

    let segment = tcp(data, numbers);
    show::tcp(&segment);
    let packet = ipv4(&segment);
    show::ipv4(&packet);
    let frame = ethernet(&packet);
    show::ethernet(&frame);
    // ANCHOR_END: down
    show::all(&frame, data.len());

    // ANCHOR: compare
    net.send(client, data)?;
    net.run_until_quiet(HOUR);
    let same = net.events().iter().any(|e| e.frame.bytes() == frame);
    println!("alice's stack sent exactly this frame: {same}");
    // ANCHOR_END: compare

    println!("-- bob: the frame has come");
    report(up(&frame));
    for (what, change) in CHANGES {
        println!("-- on the way, {what}");
        let mut changed = frame.clone();
        change(&mut changed);
        report(up(&changed));
    }

    if let Some(path) = std::env::args_os().nth(1) {
        let path = std::path::PathBuf::from(path);
        File::create(&path)
            .and_then(|file| net.write_pcap(file))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

// ANCHOR: tcp
/// Transport layer: a segment for this data.
fn tcp(data: &[u8], (seq, ack, window): (u32, u32, u16)) -> Vec<u8> {
    let mut bytes = [&[0; 20], data].concat();
    let mut segment = TcpPacket::new_unchecked(&mut bytes);
    segment.set_src_port(PORTS.0);
    segment.set_dst_port(PORTS.1);
    segment.set_seq_number(TcpSeqNumber(seq as i32));
    segment.set_ack_number(TcpSeqNumber(ack as i32));
    segment.set_header_len(20);
    segment.set_psh(true);
    segment.set_ack(true);
    segment.set_window_len(window);
    segment.fill_checksum(&ALICE.into(), &BOB.into()); // it covers these too
    bytes
}
// ANCHOR_END: tcp

// ANCHOR: ipv4
/// Internet layer: a packet for this segment.
fn ipv4(segment: &[u8]) -> Vec<u8> {
    let mut bytes = [&[0; 20], segment].concat();
    let length = bytes.len() as u16; // 45; IPv4 allows 65535
    let mut packet = Ipv4Packet::new_unchecked(&mut bytes);
    packet.set_version(4);
    packet.set_header_len(20);
    packet.set_total_len(length);
    packet.set_dont_frag(true);
    packet.set_hop_limit(64);
    packet.set_next_header(IpProtocol::Tcp);
    packet.set_src_addr(ALICE);
    packet.set_dst_addr(BOB);
    packet.fill_checksum();
    bytes
}
// ANCHOR_END: ipv4

// ANCHOR: ethernet
/// Link layer: a frame for this packet.
fn ethernet(packet: &[u8]) -> Vec<u8> {
    let mut bytes = [&[0; 14], packet].concat();
    let mut frame = EthernetFrame::new_unchecked(&mut bytes);
    frame.set_dst_addr(BOB_MAC);
    frame.set_src_addr(ALICE_MAC);
    frame.set_ethertype(EthernetProtocol::Ipv4);
    bytes
}
// ANCHOR_END: ethernet

// ANCHOR: up
/// Bob's layers, from the lowest up. An error says who drops it, and why.
fn up(bytes: &[u8]) -> anyhow::Result<&[u8]> {
    let frame = EthernetFrame::new_checked(bytes)
        .ok()
        .context("Ethernet drops it: too short for a header")?;
    ensure!(frame.dst_addr() == BOB_MAC, "Ethernet drops it: not for me");
    let is_ipv4 = frame.ethertype() == EthernetProtocol::Ipv4;
    ensure!(is_ipv4, "Ethernet drops it: a type that I do not know");
    println!("Ethernet: for my card; type 0x0800, so up to IPv4");

    let packet = Ipv4Packet::new_checked(frame.payload())
        .ok()
        .context("IPv4 drops it: the lengths do not fit")?;
    ensure!(packet.verify_checksum(), "IPv4 drops it: wrong checksum");
    ensure!(packet.dst_addr() == BOB, "IPv4 drops it: not for me");
    let is_tcp = packet.next_header() == IpProtocol::Tcp;
    ensure!(is_tcp, "IPv4 drops it: a protocol that I do not know");
    println!("IPv4: checksum right; for my address; protocol 6, so up to TCP");

    let segment = TcpPacket::new_checked(packet.payload())
        .ok()
        .context("TCP drops it: too short for a header")?;
    let (from, to) = (packet.src_addr().into(), packet.dst_addr().into());
    let right = segment.verify_checksum(&from, &to);
    ensure!(right, "TCP drops it: wrong checksum");
    let is_open = segment.dst_port() == PORTS.1;
    ensure!(is_open, "TCP drops it: no program has this port");
    println!("TCP: checksum right; port 80, so up to the program there");
    Ok(segment.payload())
}
// ANCHOR_END: up

fn report(result: anyhow::Result<&[u8]>) {
    match result {
        Ok(data) => println!("the program: \"{}\"", data.escape_ascii()),
        Err(e) => println!("{e}"),
    }
}

// ANCHOR: changes
/// Changes a frame.
type Change = fn(&mut [u8]);

const CHANGES: [(&str, Change); 3] = [
    ("one bit of the data changes", |frame| frame[54] ^= 0b100),
    ("one bit of the TTL changes", |frame| frame[22] ^= 0b1),
    ("the source address changes, and IPv4's checksum with it", |frame| {
        let mut packet = Ipv4Packet::new_unchecked(&mut frame[14..]);
        packet.set_src_addr(Ipv4Address::new(10, 0, 0, 3));
        packet.fill_checksum();
    }),
];
// ANCHOR_END: changes
