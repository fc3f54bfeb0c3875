//! TCP on a link that does what it should.

use std::io::ErrorKind;

use crate::common::{BOB, Pair, lines, ms, s, text, transfer};
use virtual_network::State::{self, *};
use virtual_network::{Buffers, States};

/// For each TCP segment its flags and the states of the two ends.
fn ladder(pair: &Pair) -> Vec<(String, State, State)> {
    let events = pair.net.events().iter();
    events
        .filter_map(|event| {
            let flags = event.frame.tcp()?.flags.to_string();
            let States { sender, receiver } = event.states?;
            let from_alice = event.from == pair.alice.into();
            Some(match from_alice {
                true => (flags, sender, receiver),
                false => (flags, receiver, sender),
            })
        })
        .collect()
}

/// RFC 9293, section 3.5, figure 6.
#[test]
fn a_handshake_goes_through_the_states_of_the_rfc() {
    let mut pair = Pair::new();
    let server = pair.net.tcp_listen(pair.bob, 80).unwrap();
    assert_eq!(pair.net.state(server), Listen);
    pair.net.tcp_connect(pair.alice, BOB).unwrap();
    assert!(pair.net.run_until_quiet(s(1)));
    assert_eq!(
        ladder(&pair),
        [
            ("SYN".into(), SynSent, SynReceived),
            ("SYN+ACK".into(), Established, SynReceived),
            ("ACK".into(), Established, Established),
        ]
    );
    let events = pair.net.events();
    let [.., syn, syn_ack, ack] = events else { panic!() };
    let numbers = |of: &virtual_network::Event| {
        let segment = of.frame.tcp().unwrap();
        (segment.seq, segment.ack)
    };
    let (isn, _) = numbers(syn);
    let (their_isn, acked) = numbers(syn_ack);
    assert_ne!(isn, their_isn, "each end has a seed of its own");
    assert_eq!(acked, isn + 1);
    assert_eq!(numbers(ack), (isn + 1, their_isn + 1));
}

/// RFC 9293, section 3.6, figure 12; TIME-WAIT lasts 10 s in smoltcp.
#[test]
fn a_close_goes_through_the_states_of_the_rfc() {
    let mut pair = Pair::new();
    let (client, server) = pair.connect();
    pair.net.run_for(s(1));
    let before = ladder(&pair).len();
    pair.net.close(client);
    pair.net.run_for(s(1));
    pair.net.close(server);
    pair.net.run_for(s(1));
    assert_eq!(
        ladder(&pair)[before..],
        [
            ("FIN+ACK".into(), FinWait1, CloseWait),
            ("ACK".into(), FinWait2, CloseWait),
            ("FIN+ACK".into(), TimeWait, LastAck),
            ("ACK".into(), TimeWait, Closed),
        ]
    );
    assert_eq!(pair.net.state(client), TimeWait);
    let in_time_wait = pair.net.now() - ms(990);
    assert!(pair.net.run_until_quiet(s(60)));
    assert_eq!(pair.net.state(client), Closed);
    assert_eq!(pair.net.now() - in_time_wait, s(10));
}

#[test]
fn a_lone_fin_leaves_the_other_way_open() {
    let mut pair = Pair::new();
    let (client, server) = pair.connect();
    pair.net.close(client);
    pair.net.run_for(s(1));
    let mut buf = [0; 8];
    assert_eq!(pair.net.recv(server, &mut buf).unwrap(), 0);
    assert_eq!(pair.net.send(server, b"still here").unwrap(), 10);
    pair.net.run_for(s(1));
    assert_eq!(pair.net.recv_all(client).unwrap(), b"still here");
    let error = pair.net.send(client, b"!").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_closed_port_refuses() {
    let mut pair = Pair::new();
    let client = pair.net.tcp_connect(pair.alice, BOB).unwrap();
    assert!(pair.net.run_until_quiet(s(1)));
    let error = pair.net.recv(client, &mut [0; 8]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(
        lines(&pair.net).last().unwrap(),
        "0.030 s bob → alice TCP 80→49152 RST+ACK seq 0 ack 1"
    );
}

#[test]
fn an_abort_resets() {
    let mut pair = Pair::new();
    let (client, server) = pair.connect();
    pair.net.abort(client);
    assert!(pair.net.run_until_quiet(s(1)));
    let error = pair.net.recv(server, &mut [0; 8]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let reset = ladder(&pair).pop().unwrap();
    assert_eq!(reset, ("RST+ACK".into(), Closed, Closed));
}

#[test]
fn a_socket_without_a_connection_would_block() {
    let mut pair = Pair::new();
    let server = pair.net.tcp_listen(pair.bob, 80).unwrap();
    let error = pair.net.recv(server, &mut [0; 8]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    let error = pair.net.send(server, b"x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_megabyte_arrives_whole() {
    let mut pair = Pair::new();
    let (client, server) = pair.connect();
    let data = text(1 << 20);
    let came = transfer(&mut pair.net, client, server, &data, s(60));
    assert!(came == data);
}

/// RFC 9293, section 3.8.6.1: the sender of a window that is shut probes it.
#[test]
fn a_full_receiver_shuts_the_window_until_it_reads() {
    let mut pair = Pair::new();
    let small = Buffers { receive: 4000, ..Buffers::default() };
    let server = pair.net.tcp_listen_with(pair.bob, 80, small).unwrap();
    let client = pair.net.tcp_connect(pair.alice, BOB).unwrap();
    pair.net.run_for(s(1));
    let data = text(10_000);
    assert_eq!(pair.net.send(client, &data).unwrap(), data.len());
    pair.net.run_for(s(10));

    let windows: Vec<_> = pair
        .net
        .events()
        .iter()
        .filter(|event| event.from == pair.bob.into())
        .filter_map(|event| Some(event.frame.tcp()?.window))
        .collect();
    assert_eq!(windows[0], 4000);
    assert_eq!(*windows.last().unwrap(), 0, "{windows:?}");
    let probes = |pair: &Pair| {
        let events = pair.net.events().iter();
        events
            .filter_map(|event| Some(event.frame.tcp()?.payload.len()))
            .filter(|&len| len == 1)
            .count()
    };
    // The first after 1 s, then after 2 s, and 4 s.
    assert_eq!(probes(&pair), 3, "{:#?}", lines(&pair.net));

    let before = pair.net.events().len();
    let mut came = pair.net.recv_all(server).unwrap();
    assert_eq!(came.len(), 4000);
    // The news is on the link before the call returns.
    let [.., update] = pair.net.events() else { panic!() };
    assert_eq!(pair.net.events().len(), before + 1);
    assert_eq!(update.frame.tcp().unwrap().window, 4000);
    pair.net.run_until(
        |net| {
            came.extend(net.recv_all(server).unwrap());
            came.len() == data.len()
        },
        s(10),
    );
    assert!(came == data);
}
