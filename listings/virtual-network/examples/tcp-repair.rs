//! What a network does to segments, and how TCP mends it: one is lost, one
//! comes too late, one comes twice. Bob gets all bytes in order each time.
use std::time::Duration;

use virtual_network::smoltcp::socket::tcp::CongestionControl;
use virtual_network::{Frame, Impairment, Link, Network, State};

fn main() -> anyhow::Result<()> {
    let lose = Impairment::lose().of(Frame::has_data).nth(6);
    transfer("the last of six segments is lost", lose)?;

    let lose = Impairment::lose().of(Frame::has_data).nth(2);
    transfer("the second segment is lost", lose)?;

    let late = Duration::from_millis(5);
    let delay = Impairment::delay(late).of(Frame::has_data).nth(2);
    transfer("the second segment is late", delay)?;

    let duplicate = Impairment::duplicate().of(Frame::has_data).nth(2);
    transfer("the second segment comes twice", duplicate)?;
    Ok(())
}

fn transfer(what: &str, impairment: Impairment) -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let link = Link::default().delay(Duration::from_millis(10));
    let link = net.link(alice, bob, link)?;
    net.impair(link, alice, impairment)?;

    let server = net.tcp_listen(bob, 80)?;
    let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
    let wait = Duration::from_secs(5);
    net.run_until(|net| net.state(server) == State::Established, wait);

    // All segments at once, so that there is something to see.
    net.tcp_mut(client).set_congestion_control(CongestionControl::None);

    println!("-- {what}");
    net.new_events(); // the handshake's are known
    let text: Vec<u8> = (b'a'..=b'z').cycle().take(6 * 1460).collect();
    net.send(client, &text)?;
    net.run_until_quiet(Duration::from_secs(5));
    for event in net.new_events() {
        println!("{event}");
    }
    let whole = net.recv_all(server)? == text;
    println!("bob has all {} bytes, in order: {whole}", text.len());
    Ok(())
}
