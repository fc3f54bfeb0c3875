//! Bad peers for a server of yours that echoes: `bad-peers [ADDR] [PEER]`.
//! Without a name it lists the peers; `all` lets loose one after another.
use std::env;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use bad_peers::{PEERS, Peer, Target};

/// How long the server may take for each thing it is to do.
const PATIENCE: Duration = Duration::from_secs(3);

fn main() -> anyhow::Result<()> {
    let mut args = env::args().skip(1);
    let addr = args.next().unwrap_or("127.0.0.1:8989".to_string());
    let addr: SocketAddr = addr
        .parse()
        .with_context(|| format!("{addr} is not an address with a port"))?;
    ensure!(
        addr.ip().is_loopback(),
        "{addr} is not on this machine, and bad peers stay at home"
    );
    bad_peers::raise_descriptors();
    let target = Target::new(addr, PATIENCE);

    match args.next().as_deref() {
        None => {
            println!("bad peers for {addr}; say which, or all:");
            for Peer { name, says, .. } in PEERS {
                println!("{name:>15}  {says}");
            }
            Ok(())
        }
        Some("all") => all(&target),
        Some(name) => {
            let peer = PEERS.iter().find(|peer| peer.name == name);
            let peer = peer.with_context(|| format!("no peer is {name}"))?;
            let target = target.aloud(|line| println!("{line}"));
            (peer.run)(&target)?;
            println!("the server has passed");
            Ok(())
        }
    }
}

/// Lets each peer loose on the server, whatever the others have found.
fn all(target: &Target) -> anyhow::Result<()> {
    let mut failed = 0;
    for peer in PEERS {
        match (peer.run)(target) {
            Ok(()) => println!("{:>15}  passed", peer.name),
            Err(e) => {
                failed += 1;
                println!("{:>15}  {e:#}", peer.name);
            }
        }
    }
    ensure!(failed == 0, "{failed} of {} peers found a fault", PEERS.len());
    Ok(())
}
