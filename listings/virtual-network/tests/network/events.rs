//! The record: the same each time, narrow enough to print, and a pcap file.

use crate::common::{BOB, Pair, Routed, lines, ms, s, text, transfer, v6};
use virtual_network::{Event, Fate, Frame, Impairment, Network};

/// A bit of everything.
fn busy() -> Network {
    let mut routed = Routed::new(1000);
    let net = &mut routed.net;
    for (i, link) in routed.links.into_iter().enumerate() {
        let from = [
            routed.routers[0].into(),
            routed.routers[1].into(),
            routed.bob.into(),
        ];
        let from: virtual_network::NodeId = from[i];
        net.impair(link, from, Impairment::lose().one_in(7, 3)).unwrap();
        net.impair(link, from, Impairment::duplicate().one_in(5, 4)).unwrap();
        let late = Impairment::delay(ms(35)).one_in(6, 5);
        net.impair(link, from, late).unwrap();
    }
    for hops in [1, 64] {
        net.ping(routed.alice, v6(3, 1), hops).unwrap();
        net.ping(routed.alice, [10, 0, 3, 1], hops).unwrap();
    }
    let server = net.tcp_listen(routed.bob, 80).unwrap();
    let client = net.tcp_connect(routed.alice, ([10, 0, 3, 1], 80)).unwrap();
    net.tcp_mut(client).set_nagle_enabled(false);
    let udp = net.udp_bind(routed.alice, 0).unwrap();
    net.udp_send_to(udp, &text(3000), ([10, 0, 3, 1], 53)).unwrap();
    for chunk in text(20_000).chunks(500) {
        transfer(net, client, server, chunk, s(60));
    }
    net.close(client);
    net.close(server);
    net.run_until_quiet(s(600));
    routed.net
}

#[test]
fn two_runs_are_the_same() {
    let (one, two) = (busy(), busy());
    assert!(one.events().len() > 200);
    assert!(one.events() == two.events());
    assert_eq!(lines(&one), lines(&two));
}

#[test]
fn lines_are_at_most_78_characters_wide() {
    let net = busy();
    for event in net.events() {
        for line in [event.to_string(), event.absolute().to_string()] {
            assert!(line.chars().count() <= 78, "{line}");
        }
    }
}

#[test]
fn numbers_are_relative_or_absolute() {
    let mut pair = Pair::new();
    let (client, _) = pair.connect();
    pair.net.send(client, b"hello").unwrap();
    pair.net.run_for(s(1));
    let events = pair.net.events();
    let sent: Vec<&Event> =
        events.iter().filter(|event| event.frame.has_data()).collect();
    let [event] = sent[..] else { panic!() };
    let what = "TCP 49152→80 PSH+ACK seq 1 ack 1 len 5 win 65535";
    assert_eq!(event.to_string(), format!("0.050 s alice → bob {what}"));
    assert_eq!(event.what(), what);
    assert_eq!(
        (event.relative_seq(), event.relative_ack()),
        (Some(1), Some(1))
    );
    let segment = event.frame.tcp().unwrap();
    let numbers = format!("seq {} ack {}", segment.seq, segment.ack);
    assert!(event.absolute().to_string().contains(&numbers));
}

#[test]
fn marks_say_what_the_link_did() {
    let mut pair = Pair::new();
    let (link, alice) = (pair.link, pair.alice);
    for impairment in
        [Impairment::duplicate().nth(1), Impairment::delay(ms(5)).nth(2)]
    {
        pair.net.impair(link, alice, impairment).unwrap();
    }
    pair.net.tcp_connect(alice, BOB).unwrap();
    pair.net.run_for(ms(500));
    assert_eq!(pair.net.new_events().len(), pair.net.events().len());
    assert!(pair.net.new_events().is_empty());
    let all = lines(&pair.net);
    assert!(all[1].ends_with("(copy)"), "{all:#?}");
    let syn = pair.net.events().iter().find(|e| e.frame.is_syn()).unwrap();
    assert!(syn.to_string().ends_with("SYN seq 0 win 65535 (5 ms late)"));
    assert_eq!(syn.fate, Fate::Delivered { at: syn.time + ms(15) });

    let mut other = Pair::new();
    let carol = other.net.add_host("carol", &["10.0.0.3/24"]).unwrap();
    let error = other.net.impair(link, carol, Impairment::lose()).unwrap_err();
    assert_eq!(error.to_string(), "carol is not on that link");
}

#[test]
fn an_empty_network_is_quiet() {
    let mut net = Network::new();
    assert!(!net.step());
    assert!(net.run_until_quiet(s(1)));
    net.run_for(s(1));
    assert_eq!(net.now(), s(1));
}

/// The frames of a pcap file: the time in microseconds, and the bytes.
fn read_pcap(file: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let word =
        |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!(word(0), 0xa1b2_c3d4);
    assert_eq!(word(4), 2 | 4 << 16);
    assert_eq!(word(20), 1);
    let mut frames = Vec::new();
    let mut at = 24;
    while at < file.len() {
        let len = word(at + 8) as usize;
        assert_eq!(word(at + 12) as usize, len);
        let time = u64::from(word(at)) * 1_000_000 + u64::from(word(at + 4));
        frames.push((time, file[at + 16..at + 16 + len].to_vec()));
        at += 16 + len;
    }
    frames
}

#[test]
fn a_pcap_file_holds_every_frame() {
    let net = busy();
    let mut file = Vec::new();
    net.write_pcap(&mut file).unwrap();
    let frames = read_pcap(&file);
    assert_eq!(frames.len(), net.events().len());
    for (event, (time, bytes)) in net.events().iter().zip(frames) {
        assert_eq!(event.time.as_micros(), u128::from(time));
        assert_eq!(event.frame, Frame::new(bytes));
    }
}

#[test]
fn a_pcap_file_of_one_node_holds_what_it_saw() {
    let mut pair = Pair::new();
    let (link, alice, bob) = (pair.link, pair.alice, pair.bob);
    for (from, impairment) in [
        (bob, Impairment::lose().of(Frame::is_syn_ack).nth(1)),
        (alice, Impairment::delay(ms(7)).of(Frame::has_data).nth(1)),
        (alice, Impairment::duplicate().of(Frame::has_data).nth(2)),
    ] {
        pair.net.impair(link, from, impairment).unwrap();
    }
    let (client, _) = pair.connect();
    pair.net.tcp_mut(client).set_nagle_enabled(false);
    pair.net.send(client, b"one").unwrap();
    pair.net.send(client, b"two").unwrap();
    pair.net.run_for(s(1));

    // For each frame its time in milliseconds, and its first data byte or
    // else its flags.
    let seen = |node: virtual_network::NodeId| -> Vec<_> {
        let mut file = Vec::new();
        pair.net.write_pcap_of(node, &mut file).unwrap();
        read_pcap(&file)
            .into_iter()
            .filter_map(|(time, bytes)| {
                let frame = Frame::new(bytes);
                let segment = frame.tcp()?;
                let text = String::from_utf8_lossy(segment.payload);
                let flags = segment.flags.to_string();
                let what = if text.is_empty() { flags } else { text.into() };
                Some(format!("{} {what}", time / 1000))
            })
            .collect()
    };
    assert_eq!(
        seen(alice.into())[..6],
        [
            "20 SYN", // the SYN+ACK of 30 ms is lost
            "1020 SYN",
            "1040 SYN+ACK",
            "1040 ACK",
            "1050 one",
            "1050 two",
        ]
    );
    assert_eq!(
        seen(bob.into())[..8],
        [
            "30 SYN",
            "30 SYN+ACK",
            "1030 SYN",
            "1030 SYN+ACK",
            "1050 ACK",
            "1060 two", // overtakes
            "1060 two",
            "1060 ACK",
        ]
    );
}

#[test]
fn a_network_can_go_to_another_thread() {
    fn is_send(_: &impl Send) {}
    let pair = Pair::new();
    is_send(&pair.net);
    assert!(format!("{:?}", pair.net).contains("alice"));
}
