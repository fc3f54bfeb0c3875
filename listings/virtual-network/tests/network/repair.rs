//! TCP on a link that loses, copies and delays.

use crate::common::{BOB, Pair, lines, ms, s, text, transfer};
use virtual_network::{Fate, Frame, Impairment, State};

#[test]
fn a_lost_syn_ack_is_sent_again() {
    let mut pair = Pair::new();
    let lose = Impairment::lose().of(Frame::is_syn_ack).nth(1);
    pair.net.impair(pair.link, pair.bob, lose).unwrap();
    let (client, _) = pair.connect();
    assert_eq!(pair.net.state(client), State::Established);
    let answers: Vec<_> = pair
        .net
        .events()
        .iter()
        .filter(|event| event.frame.is_syn_ack())
        .map(|event| (event.time, event.fate))
        .collect();
    // The retransmission timer starts at 1 s (RFC 6298, section 2.1).
    assert_eq!(
        answers,
        [(ms(30), Fate::Lost), (ms(1030), Fate::Delivered { at: ms(1040) }),]
    );
}

/// What is sent over a bad link, whatever is bad, arrives whole.
fn arrives_whole(what: &str, impairments: Vec<(bool, Impairment)>) -> Pair {
    let mut pair = Pair::new();
    for (from_alice, impairment) in impairments {
        let from = if from_alice { pair.alice } else { pair.bob };
        pair.net.impair(pair.link, from, impairment).unwrap();
    }
    let (client, server) = pair.connect();
    let data = text(40_000);
    let came = transfer(&mut pair.net, client, server, &data, s(3600));
    assert!(came == data, "{what}: {} of 40000 bytes", came.len());
    pair
}

#[test]
fn a_lost_segment_is_sent_again() {
    let lose = Impairment::lose().of(Frame::has_data).nth(2);
    let pair = arrives_whole("a loss", vec![(true, lose)]);
    let lost = |line: &&String| line.ends_with("(lost)");
    assert_eq!(lines(&pair.net).iter().filter(lost).count(), 1);
}

/// RFC 5681, section 3.2: the third duplicate acknowledgement tells, before
/// the timer does.
#[test]
fn three_duplicate_acks_bring_a_lost_segment_back() {
    let lose = Impairment::lose().of(Frame::has_data).nth(10);
    let pair = arrives_whole("a loss among many", vec![(true, lose)]);
    let events = pair.net.events();
    let lost = events.iter().find(|e| e.fate == Fate::Lost).unwrap();
    let again = events
        .iter()
        .find(|e| e.time > lost.time && e.relative_seq() == lost.relative_seq())
        .unwrap();
    assert!(again.time - lost.time < ms(100), "{:#?}", lines(&pair.net));
}

#[test]
fn a_copy_is_taken_once() {
    let copy = Impairment::duplicate().of(Frame::has_data);
    arrives_whole("copies", vec![(true, copy)]);
}

#[test]
fn a_late_segment_is_put_in_its_place() {
    let late = Impairment::delay(ms(15)).of(Frame::has_data).one_in(3, 1);
    arrives_whole("late ones", vec![(true, late)]);
}

#[test]
fn one_frame_in_five_lost_both_ways() {
    for seed in 0..60 {
        arrives_whole(
            &format!("seed {seed}"),
            vec![
                (true, Impairment::lose().one_in(5, seed)),
                (false, Impairment::lose().one_in(5, seed + 1000)),
            ],
        );
    }
}

#[test]
fn all_of_it_at_once() {
    for seed in 0..20 {
        arrives_whole(
            &format!("seed {seed}"),
            vec![
                (true, Impairment::lose().one_in(8, seed)),
                (true, Impairment::duplicate().one_in(5, seed + 1)),
                (true, Impairment::delay(ms(25)).one_in(4, seed + 2)),
                (false, Impairment::lose().one_in(8, seed + 3)),
            ],
        );
    }
}

#[test]
fn a_link_that_loses_all_lets_nothing_through() {
    let mut pair = Pair::new();
    pair.net.impair(pair.link, pair.bob, Impairment::lose()).unwrap();
    pair.net.tcp_listen(pair.bob, 80).unwrap();
    let client = pair.net.tcp_connect(pair.alice, BOB).unwrap();
    assert!(!pair.net.run_until_quiet(s(30)));
    assert_eq!(pair.net.state(client), State::SynSent);
    assert_eq!(pair.net.now(), s(30));
}
