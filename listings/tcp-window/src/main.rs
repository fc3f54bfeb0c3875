//! Bob's program does not read. His buffer fills, his window shrinks to 0,
//! alice's buffer fills, and at last alice's program must wait. Then bob
//! reads, at first all, later 100 bytes at a time.
use std::fs::File;
use std::io::{self, ErrorKind};
use std::time::Duration;

use anyhow::Context;
use virtual_network::smoltcp::socket::tcp::CongestionControl;
use virtual_network::{Buffers, Fate, HostId, Link, Network};

const SECOND: Duration = Duration::from_secs(1);
/// What fits a segment on this link.
const SEGMENT: usize = 1460;

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let delay = Duration::from_millis(10);
    net.link(alice, bob, Link::default().delay(delay))?;
    net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done

    // ANCHOR: buffers
    let small = Buffers { receive: 4 * SEGMENT, ..Buffers::default() };
    let server = net.tcp_listen_with(bob, 80, small)?;
    let small = Buffers { send: 8 * SEGMENT, ..Buffers::default() };
    let client = net.tcp_connect_with(alice, ([10, 0, 0, 2], 80), small)?;
    // The other brake, congestion control, has a listing of its own.
    net.tcp_mut(client).set_congestion_control(CongestionControl::None);
    // ANCHOR_END: buffers
    net.run_for(SECOND);
    net.new_events(); // those of the handshake

    // ANCHOR: full
    let scene = Scene::begin(&net, alice, "bob does not read");
    let text = [b'x'; 14 * SEGMENT];
    let mut rest = &text[..];
    for _ in 0..3 {
        scene.alice(&net, &format!("alice sends {} bytes", rest.len()));
        // A send takes what there is room for, or says WouldBlock.
        let n = net.send(client, rest).or_else(none_yet)?;
        scene.alice(&net, &format!("send has taken {n} bytes"));
        rest = &rest[n..];
        net.run_for(SECOND / 10);
        scene.segments(&mut net);
    }
    net.run_for(8 * SECOND);
    scene.segments(&mut net);
    // ANCHOR_END: full

    // ANCHOR: read
    let scene = Scene::begin(&net, alice, "bob reads");
    scene.bob(&net, "bob reads all that has come");
    let n = net.recv(server, &mut [0; 8 * SEGMENT])?;
    scene.bob(&net, &format!("recv has brought {n} bytes"));
    net.run_for(SECOND);
    scene.segments(&mut net);
    // ANCHOR_END: read

    // ANCHOR: pieces
    let scene = Scene::begin(&net, alice, "bob reads 100 bytes at a time");
    for _ in 0..3 {
        scene.bob(&net, "bob reads 100 bytes");
        net.recv(server, &mut [0; 100])?;
        net.run_for(SECOND / 10);
        scene.segments(&mut net);
    }
    // ANCHOR_END: pieces

    if let Some(path) = std::env::args_os().nth(1) {
        let show = || format!("cannot write {}", path.display());
        net.write_pcap(File::create(&path).with_context(show)?)
            .with_context(show)?;
    }
    Ok(())
}

/// No room is no failure: nothing was taken.
fn none_yet(error: io::Error) -> io::Result<usize> {
    match error.kind() {
        ErrorKind::WouldBlock => Ok(0),
        _ => Err(error),
    }
}

/// Prints a ladder as the library's `Ladder` does, but with bob's windows
/// alone: alice's is not the point, and does not fit.
struct Scene {
    start: Duration,
    alice: HostId,
}

impl Scene {
    fn begin(net: &Network, alice: HostId, title: &str) -> Self {
        println!("-- {title}");
        Self { start: net.now(), alice }
    }

    fn alice(&self, net: &Network, what: &str) {
        let (time, what) = (self.time(net.now()), format!("({what})"));
        let line = format!("{time}  ESTABLISHED  {what:^41}");
        println!("{}", line.trim_end());
    }

    fn bob(&self, net: &Network, what: &str) {
        let (time, what) = (self.time(net.now()), format!("({what})"));
        println!("{time}  {:<12} {what:^41} ESTABLISHED", "");
    }

    /// The segments since the last call.
    fn segments(&self, net: &mut Network) {
        for event in net.new_events() {
            let (Some(mut words), Some(segment), Some(states)) =
                (event.segment_words(), event.frame.tcp(), event.states)
            else {
                continue; // no segment
            };
            let lost = event.fate == Fate::Lost;
            let (left, near, far, right) = if event.from == self.alice.into() {
                let far = if lost { "──x" } else { "──→" };
                (states.sender, "──→", far, states.receiver)
            } else {
                words += &format!(" win {}", segment.window);
                let near = if lost { "x──" } else { "←──" };
                (states.receiver, near, "←──", states.sender)
            };
            let (time, left) = (self.time(event.time), left.to_string());
            println!("{time}  {left:<12} {near} {words:<33} {far} {right}");
        }
    }

    fn time(&self, now: Duration) -> String {
        format!("{:>7.3} s", (now - self.start).as_secs_f64())
    }
}
