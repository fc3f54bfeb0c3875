//! What a network does to segments, and how TCP mends it: one is lost, one is
//! late, one comes twice, an acknowledgement is lost. On a virtual network.
mod arrivals;

use std::fs::File;
use std::time::Duration;

use anyhow::Context;
use virtual_network::{
    Frame, HostId, Impairment, Link, LinkId, Network, State,
};

const DELAY: Duration = Duration::from_millis(10);
/// TCP repairs each of these in much less time.
const PATIENCE: Duration = Duration::from_secs(60);
const MESSAGES: [&str; 6] = ["aa", "bb", "cc", "dd", "ee", "ff"];

/// Two hosts and the link between them.
struct Scene {
    net: Network,
    alice: HostId,
    bob: HostId,
    link: LinkId,
}

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let link = net.link(alice, bob, Link::default().delay(DELAY))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
    let mut scene = Scene { net, alice, bob, link };

    // ANCHOR: scenes
    let data = |what: Impairment| what.of(Frame::has_data);
    let late = Duration::from_millis(5);

    let lose = Impairment::lose;
    scene.play("the last segment is lost", alice, data(lose()).nth(6))?;
    scene.play("the second segment is lost", alice, data(lose()).nth(2))?;
    let delay = Impairment::delay(late);
    scene.play("the fifth segment is late", alice, data(delay).nth(5))?;
    let copy = Impairment::duplicate();
    scene.play("the second segment comes twice", alice, data(copy).nth(2))?;
    // Bob's first segment is his SYN+ACK, the second his first ACK of data.
    let third = lose().of(|frame| frame.tcp().is_some()).nth(3);
    scene.play("the second ACK is lost", bob, third)?;
    // ANCHOR_END: scenes

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        let file = File::create(&path).with_context(show)?;
        scene.net.write_pcap(file).with_context(show)?;
    }
    Ok(())
}

impl Scene {
    /// Alice sends six messages over a new connection, while something befalls
    /// what `from` puts on the link.
    fn play(
        &mut self,
        what: &str,
        from: HostId,
        impairment: Impairment,
    ) -> anyhow::Result<()> {
        println!("-- {what}");
        let net = &mut self.net;
        net.impair(self.link, from, impairment)?;

        let server = net.tcp_listen(self.bob, 80)?;
        let client = net.tcp_connect(self.alice, ([10, 0, 0, 2], 80))?;
        let both = |net: &mut Network| {
            net.state(client) == State::Established
                && net.state(server) == State::Established
        };
        anyhow::ensure!(net.run_until(both, PATIENCE), "no connection");

        // ANCHOR: transfer
        // A segment a message, all at once; and an ACK a segment.
        let tcp = net.tcp_mut(client);
        tcp.set_nagle_enabled(false);
        net.tcp_mut(server).set_ack_delay(None);

        let (start, first) = (net.now(), net.events().len());
        for message in MESSAGES {
            net.send(client, message.as_bytes())?;
        }
        net.run_until_quiet(PATIENCE);
        arrivals::print(&net.events()[first..], start, self.bob);
        let text = net.recv_all(server)?;
        println!("bob reads {:?}", String::from_utf8_lossy(&text));
        // ANCHOR_END: transfer
        anyhow::ensure!(text == MESSAGES.concat().as_bytes(), "not mended");
        Ok(())
    }
}
