//! Sends three echo requests, one after the other.
use std::io::{ErrorKind, Read};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use socket2::{Domain, Protocol, Socket, Type};

use crate::icmp;

const WAIT: Duration = Duration::from_secs(1);
const DATA: &[u8] = b"hello";

pub fn main() -> anyhow::Result<()> {
    let to = address()?;
    let (socket, id) = open(to)?;
    println!("ping {to}");
    for number in 1..=3 {
        match ping(&socket, to, id, number)? {
            Some(time) => println!("{to}: reply {number} after {time:?}"),
            None => bail!("no answer from {to} within {WAIT:?}"),
        }
    }
    Ok(())
}

/// The address of the command line. Listings never leave the machine.
fn address() -> anyhow::Result<IpAddr> {
    let Some(arg) = std::env::args().nth(1) else {
        return Ok(Ipv4Addr::LOCALHOST.into());
    };
    let address: IpAddr =
        arg.parse().with_context(|| format!("{arg} is no IP address"))?;
    ensure!(
        address.is_loopback(),
        "{address} is not a loopback address: listings stay on this machine"
    );
    Ok(address)
}

// ANCHOR: open
/// A socket for ICMP to this address, and the identifier of its requests.
fn open(to: IpAddr) -> anyhow::Result<(Socket, u16)> {
    let (domain, protocol) = match to {
        IpAddr::V4(_) => (Domain::IPV4, Protocol::ICMPV4),
        IpAddr::V6(_) => (Domain::IPV6, Protocol::ICMPV6),
    };
    let (socket, kind) = match Socket::new(domain, Type::DGRAM, Some(protocol))
    {
        Ok(socket) => (socket, Type::DGRAM),
        Err(_) => {
            let raw = Socket::new(domain, Type::RAW, Some(protocol));
            (raw.context(REFUSED)?, Type::RAW)
        }
    };
    socket.connect(&SocketAddr::new(to, 0).into())?;
    // On a datagram socket Linux picks the identifier, and calls it a port.
    let own = socket.local_addr()?.as_socket().map_or(0, |own| own.port());
    let id = match kind {
        Type::DGRAM if own != 0 => own,
        _ => std::process::id() as u16,
    };
    Ok((socket, id))
}
// ANCHOR_END: open

const REFUSED: &str = "no socket for ICMP: on Linux, your group must be in \
    the range of the setting net.ipv4.ping_group_range, or the program must \
    run as root (`cargo run -p ping` needs neither)";

/// Sends one request, and waits for its reply. Gives the time between.
fn ping(
    mut socket: &Socket,
    to: IpAddr,
    id: u16,
    number: u16,
) -> anyhow::Result<Option<Duration>> {
    let request = icmp::request(to, id, number, DATA);
    let sent = Instant::now();
    socket.send(&request).with_context(|| format!("cannot send to {to}"))?;
    let mut packet = [0; 1500];
    loop {
        let left = WAIT.saturating_sub(sent.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.read(&mut packet) {
            // Other messages come too: others' replies, our own request.
            Ok(n) if icmp::is_reply(&packet[..n], to, id, number, DATA) => {
                return Ok(Some(sent.elapsed()));
            }
            Ok(_) => {}
            // WouldBlock, on some systems TimedOut, is the timeout.
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::Interrupted
                        | ErrorKind::WouldBlock
                        | ErrorKind::TimedOut
                ) => {}
            Err(e) => return Err(e).context("cannot receive"),
        }
    }
}
