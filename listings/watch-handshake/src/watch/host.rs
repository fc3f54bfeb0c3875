//! A host: a network of its own in the kernel, and a cable whose other end
//! this program holds.

use std::fs::{self, File};
use std::io;
use std::net::Ipv4Addr;
use std::process::Command;

use anyhow::{Context, ensure};
use rustix::process::geteuid;
use rustix::thread::{UnshareFlags, unshare_unsafe};
use smoltcp::phy::{Device, Medium, RawSocket, RxToken, TxToken};
use smoltcp::time::Instant;

use super::state::{self, State};

pub struct Host {
    pub name: &'static str,
    /// A packet socket: `man 7 packet`.
    socket: RawSocket,
    /// The host's /proc/net/tcp: it stays that of the network where it was
    /// opened.
    connections: File,
}

// ANCHOR: namespaces
/// From here on the process has every right, in a world of its own: it may
/// make networks. It must have one thread.
pub fn enter_user_namespace() -> anyhow::Result<()> {
    let user = geteuid().as_raw();
    unshare(UnshareFlags::NEWUSER).context("cannot make a user namespace")?;
    // Who is not user 0 there loses these rights in each program it starts.
    fs::write("/proc/self/uid_map", format!("0 {user} 1"))
        .context("cannot be root in a user namespace")
}

impl Host {
    /// A new network in the kernel. All sockets that the program makes from
    /// here on belong to it, until the next call of this function.
    pub fn new(name: &'static str, addr: Ipv4Addr) -> anyhow::Result<Host> {
        unshare(UnshareFlags::NEWNET)
            .context("cannot make a network namespace")?;
        ip("link add eth0 type veth peer name wire0")?;
        ip("link set eth0 up")?;
        ip("link set wire0 up")?;
        ip(&format!("address add {addr}/24 dev eth0"))?;
        let socket = RawSocket::new("wire0", Medium::Ethernet)
            .context("cannot make a packet socket")?;
        let connections =
            File::open("/proc/net/tcp").context("cannot open /proc/net/tcp")?;
        Ok(Host { name, socket, connections })
    }
}
// ANCHOR_END: namespaces

impl Host {
    /// The state of the host's connection, as its kernel tells it.
    pub fn state(&self) -> anyhow::Result<State> {
        state::read(&self.connections)
    }

    /// The next frame that the host's kernel has sent, if there is one. What
    /// `give` sends does not come back: Linux shows a packet socket the
    /// frames of all others, and not its own.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        let (frame, _) = self.socket.receive(Instant::ZERO)?;
        Some(frame.consume(<[u8]>::to_vec))
    }

    /// Lets a frame arrive at the host's kernel.
    pub fn give(&mut self, frame: &[u8]) -> anyhow::Result<()> {
        let token = self.socket.transmit(Instant::ZERO);
        let token = token.context("the packet socket takes nothing")?;
        token.consume(frame.len(), |buffer| buffer.copy_from_slice(frame));
        Ok(())
    }
}

fn unshare(what: UnshareFlags) -> io::Result<()> {
    // SAFETY: no flag is FILES, so all descriptors stay as they are.
    Ok(unsafe { unshare_unsafe(what) }?)
}

/// Runs the command `ip`, which starts in the namespaces of this process.
fn ip(args: &str) -> anyhow::Result<()> {
    let output = Command::new("ip")
        .args(args.split(' '))
        .output()
        .context("cannot start the command ip, of iproute2")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ip {args}: {}", said.trim_end());
    Ok(())
}
