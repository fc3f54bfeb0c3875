//! Two hosts, a listener, a client, and the three packets between them.
mod host;
mod segment;
mod state;
mod wire;

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use rustix::io::Errno;
use socket2::{Domain, Socket, Type};

use host::Host;
use wire::{End, Wire};

/// Each wait is for something that the kernel does at once.
const PATIENCE: Duration = Duration::from_secs(5);

const ALICE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const BOB: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

pub fn main() -> anyhow::Result<()> {
    // ANCHOR: hosts
    host::enter_user_namespace().map_err(refused)?;
    let alice = Host::new("alice", ALICE).map_err(refused)?;
    let client = Socket::new(Domain::IPV4, Type::STREAM, None)?; // alice's
    let bob = Host::new("bob", BOB).map_err(refused)?;
    let listener = TcpListener::bind((BOB, 80))?; // bob's
    // ANCHOR_END: hosts
    listener.set_nonblocking(true)?; // whoever is to be accepted is there

    // ANCHOR: handshake
    let mut wire = Wire::new(alice, bob);
    wire.note("alice connects")?;
    client.set_nonblocking(true)?; // connect only begins the handshake
    client.bind(&SocketAddrV4::new(ALICE, 50000).into())?;
    let begun = client.connect(&SocketAddrV4::new(BOB, 80).into());
    let error = begun.err().context("connected without a packet")?;
    ensure!(Errno::from_io_error(&error) == Some(Errno::INPROGRESS), error);

    wire.carry_from(End::Alice)?;
    wire.carry_from(End::Bob)?;
    wire.carry_from(End::Alice)?;

    let (_stream, peer) = listener.accept().context("nothing to accept")?;
    wire.note(&format!("accept gives {peer}"))
    // ANCHOR_END: handshake
}

/// Says what to do where the system forbids what this program is made of.
fn refused(error: anyhow::Error) -> anyhow::Error {
    anyhow!(
        "this system does not let you make networks ({error:#}); run 'cargo \
         run -p handshake', which shows the same on a virtual network"
    )
}
