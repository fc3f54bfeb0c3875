//! Alice knows bob's IP address, but a frame needs his Ethernet address. She
//! asks everybody once; for the second packet she still knows.
use virtual_network::{Link, Network};

fn main() -> anyhow::Result<()> {
    let mut net = Network::new();
    let switch = net.add_switch("switch");
    let alice = net.add_host("alice", &["10.0.0.1/24"])?;
    let bob = net.add_host("bob", &["10.0.0.2/24"])?;
    let carol = net.add_host("carol", &["10.0.0.3/24"])?;
    for host in [alice, bob, carol] {
        net.link(host, switch, Link::default())?;
        println!("{} is {}", net.name(host), net.mac(host));
    }

    for packet in ["first", "second"] {
        println!("-- the {packet} packet");
        let answer = net.ping(alice, [10, 0, 0, 2], 64)?;
        for event in net.new_events() {
            println!("{event}");
        }
        println!("ping: {answer}");
    }

    println!("-- what the switch has learnt");
    for (mac, neighbour) in net.learnt(switch) {
        println!("{mac} is behind the link to {}", net.name(neighbour));
    }
    Ok(())
}
