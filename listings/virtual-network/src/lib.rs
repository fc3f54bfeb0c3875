//! A network inside one process: hosts, switches, routers and links, with a
//! clock of their own.
//!
//! The hosts run [smoltcp], a real TCP/IP stack. Nothing touches the system's
//! network, nothing sleeps, and nothing is left to chance: the same program
//! gives the same packets at the same (simulated) microseconds, on every
//! system. That makes it a place to watch protocols, and to test programs
//! against loss, duplicates and delay.
//!
//! ```
//! use std::time::Duration;
//! use virtual_network::{Frame, Impairment, Link, Network};
//!
//! # fn main() -> std::io::Result<()> {
//! let mut net = Network::new();
//! let alice = net.add_host("alice", &["10.0.0.1/24"])?;
//! let bob = net.add_host("bob", &["10.0.0.2/24"])?;
//! let link = net.link(alice, bob, Link::default())?;
//! // Bob's first SYN+ACK gets lost.
//! net.impair(link, bob, Impairment::lose().of(Frame::is_syn_ack).nth(1))?;
//!
//! let server = net.tcp_listen(bob, 80)?;
//! let client = net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
//! net.run_for(Duration::from_secs(2));
//! net.send(client, b"hello")?;
//! net.run_for(Duration::from_secs(1));
//! assert_eq!(net.recv_all(server)?, b"hello");
//!
//! let lines: Vec<String> =
//!     net.events().iter().map(|event| event.to_string()).collect();
//! assert_eq!(lines[2..6], [
//!     "0.002 s alice → bob TCP 49152→80 SYN seq 0 win 65535",
//!     "0.003 s bob → alice TCP 80→49152 SYN+ACK seq 0 ack 1 win 65535 (lost)",
//!     "1.002 s alice → bob TCP 49152→80 SYN seq 0 win 65535",
//!     "1.003 s bob → alice TCP 80→49152 SYN+ACK seq 0 ack 1 win 65535",
//! ]);
//! # Ok(())
//! # }
//! ```
//!
//! # What is like the real thing, and what is not
//!
//! Frames, checksums, ARP, neighbour discovery, IP, ICMP, UDP and TCP are
//! made by smoltcp and by the router of this crate as the RFCs say, and a
//! packet analyser reads them without complaint. These things differ from
//! the kernel of your system. Those of smoltcp 0.14 are read in its source
//! (`socket/tcp.rs`, `socket/tcp/congestion/reno.rs`, `iface/neighbor.rs`),
//! and most are pinned by a test here:
//!
//! - **Retransmission.** The timer starts at 1 s, never falls below that, and
//!   doubles up to 60 s (RFC 6298, sections 2.1, 2.4 and 5.5). Linux goes down
//!   to 200 ms. smoltcp never gives up, unless `tcp_mut(..).set_timeout` says
//!   when; Linux does after 6 retransmissions of a SYN, or 15 of data (tcp(7):
//!   `tcp_syn_retries`, `tcp_retries2`).
//! - **The SYN+ACK** is sent again by its own timer only: a second SYN brings
//!   no answer.
//! - **Acknowledgements** wait for 10 ms (RFC 9293, section 3.8.6.3, allows
//!   500 ms), or until more than one full segment is to be acknowledged.
//! - **Congestion control** is Reno (RFC 5681), but starts with 2,048 bytes,
//!   which is one full segment; kernels start with ten (RFC 6928). It can be
//!   switched off: `tcp_mut(..).set_congestion_control`. The third duplicate
//!   acknowledgement brings the lost segment back at once (RFC 5681, section
//!   3.2). A receiver reports what it has beyond a gap (SACK, RFC 2018), but a
//!   sender does not look at it.
//! - **A window of 0** is probed with one byte, first after the retransmission
//!   timer's time, then after twice that, and so on, up to 60 s (RFC 9293,
//!   section 3.8.6.1).
//! - **TIME-WAIT** lasts 10 s, not twice the MSL of two minutes (RFC 9293,
//!   sections 3.6.1 and 3.4.2); Linux takes 60 s. What was not read by then
//!   is gone. FIN-WAIT-2 lasts as long as the peer likes.
//! - **Listening** has no backlog: one socket takes one connection.
//! - **Sequence numbers** start at numbers drawn from the host's name, not as
//!   RFC 9293, section 3.4.1, says. Ports count up from 49152.
//! - **ICMP errors** do not reach TCP or UDP sockets; they are in
//!   [`Network::icmp_reports`]. There is no path MTU discovery (RFC 1191):
//!   IPv4 packets forbid their own cutting, except the pieces of a datagram
//!   that is too long for the host's own link.
//! - **ARP and neighbour discovery.** A host asks at most one question a
//!   second, whomever it asks for, asks on for ever, and remembers an answer
//!   for 60 s after the last packet from there. A router asks three times, and
//!   remembers for ever.
//! - **Links** take as long for a long frame as for a short one, and frames
//!   have no check sequence and no padding. **Switches** never forget, and
//!   refuse loops instead of breaking them (no spanning tree). **Routers**
//!   send as many ICMP errors as there are reasons, and no redirects.
//!
//! [smoltcp]: https://docs.rs/smoltcp/0.14

mod buffers;
mod chance;
mod cidr;
mod clock;
mod connection;
mod describe;
mod device;
mod error;
mod event;
mod frame;
mod host;
mod icmp;
mod id;
mod impairment;
mod ladder;
mod link;
mod mac;
mod network;
mod pcap;
mod ping;
mod router;
mod run;
mod segment;
mod switch;
mod tcp;
mod topology;
mod transmit;
mod udp;

pub use buffers::Buffers;
pub use event::{Event, Fate, States};
pub use frame::{Frame, Packet};
pub use icmp::{IcmpError, IcmpReport};
pub use id::{
    HostId, LinkEnd, LinkId, NodeId, PortId, RouterId, SwitchId, TcpSocket,
    UdpSocket,
};
pub use impairment::Impairment;
pub use ladder::Ladder;
pub use link::Link;
pub use mac::Mac;
pub use network::Network;
pub use ping::Ping;
pub use segment::{Flags, Segment};
pub use smoltcp;
pub use smoltcp::socket::tcp::State;
