//! What the documentation says about smoltcp, as measured.

use crate::common::{BOB, Pair, lines, ms, s, text};
use virtual_network::{Frame, Impairment};

/// The times, in milliseconds, at which a frame of this kind was sent.
fn times(pair: &Pair, kind: impl Fn(&Frame) -> bool) -> Vec<u128> {
    let events = pair.net.events().iter();
    events
        .filter(|event| kind(&event.frame))
        .map(|event| event.time.as_millis())
        .collect()
}

#[test]
fn the_retransmission_timer_doubles_up_to_60_s() {
    let mut pair = Pair::new();
    let lose = Impairment::lose().of(Frame::is_syn);
    pair.net.impair(pair.link, pair.alice, lose).unwrap();
    pair.net.tcp_connect(pair.alice, BOB).unwrap();
    pair.net.run_for(s(200));
    let sent = times(&pair, Frame::is_syn);
    let waits: Vec<_> = sent.windows(2).map(|w| (w[1] - w[0]) / 1000).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
}

#[test]
fn a_second_syn_brings_no_answer() {
    let mut pair = Pair::new();
    let twice = Impairment::duplicate().of(Frame::is_syn);
    pair.net.impair(pair.link, pair.alice, twice).unwrap();
    pair.net.tcp_listen(pair.bob, 80).unwrap();
    pair.net.tcp_connect(pair.alice, BOB).unwrap();
    pair.net.run_for(s(5));
    assert_eq!(times(&pair, Frame::is_syn), [20, 20]);
    assert_eq!(times(&pair, Frame::is_syn_ack), [30]);
}

#[test]
fn an_acknowledgement_waits_10_ms() {
    let mut pair = Pair::new();
    let (client, _) = pair.connect();
    pair.net.send(client, b"hello").unwrap();
    pair.net.run_for(s(1));
    let [.., hello, ack] = pair.net.events() else { panic!() };
    assert_eq!(ack.time - (hello.time + ms(10)), ms(10));
}

#[test]
fn the_first_window_of_congestion_control_is_one_segment() {
    let mut pair = Pair::new();
    let (client, _) = pair.connect();
    pair.net.send(client, &text(20_000)).unwrap();
    assert_eq!(times(&pair, Frame::has_data).len(), 1);
}

#[test]
fn what_is_unread_when_time_wait_ends_is_gone() {
    let mut pair = Pair::new();
    let (client, server) = pair.connect();
    pair.net.close(client);
    pair.net.run_for(s(1));
    pair.net.send(server, b"late").unwrap();
    pair.net.close(server);
    pair.net.run_until_quiet(s(60));
    assert_eq!(pair.net.recv(client, &mut [0; 8]).unwrap(), 0);
}

#[test]
fn a_host_asks_one_question_a_second() {
    let mut pair = Pair::new();
    let socket = pair.net.udp_bind(pair.alice, 0).unwrap();
    for host in [3, 4] {
        let to = ([10, 0, 0, host], 9);
        pair.net.udp_send_to(socket, b"?", to).unwrap();
    }
    pair.net.run_for(ms(3500));
    let asked = times(&pair, Frame::is_arp);
    assert_eq!(asked, [0, 1000, 2000, 3000], "{:#?}", lines(&pair.net));
}
