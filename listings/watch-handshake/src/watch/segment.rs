//! What a TCP segment says.

use smoltcp::wire::{
    EthernetFrame, EthernetProtocol, IpProtocol, Ipv4Packet, TcpOption,
    TcpPacket,
};

pub fn is_arp(frame: &[u8]) -> bool {
    EthernetFrame::new_checked(frame)
        .is_ok_and(|it| it.ethertype() == EthernetProtocol::Arp)
}

/// The header of a segment, as far as this program tells it.
pub struct Segment {
    pub flags: Vec<&'static str>,
    pub seq: u32,
    pub ack: Option<u32>,
    pub options: Vec<String>,
}

impl Segment {
    /// Reads the segment in a frame, and fills in its checksum: the kernel
    /// leaves that to the network card, and there is none. `None` for any
    /// other frame: a kernel that has IPv6 asks for routers.
    pub fn finish(frame: &mut [u8]) -> Option<Segment> {
        let mut frame = EthernetFrame::new_checked(frame).ok()?;
        if frame.ethertype() != EthernetProtocol::Ipv4 {
            return None;
        }
        let mut ip = Ipv4Packet::new_checked(frame.payload_mut()).ok()?;
        if ip.next_header() != IpProtocol::Tcp {
            return None;
        }
        let (from, to) = (ip.src_addr(), ip.dst_addr());
        let mut tcp = TcpPacket::new_checked(ip.payload_mut()).ok()?;
        tcp.fill_checksum(&from.into(), &to.into());
        let tcp = TcpPacket::new_unchecked(&*tcp.into_inner());
        let flags = [
            (tcp.syn(), "SYN"),
            (tcp.fin(), "FIN"),
            (tcp.rst(), "RST"),
            (tcp.psh(), "PSH"),
            (tcp.ack(), "ACK"),
        ];
        Some(Segment {
            flags: flags.iter().filter(|it| it.0).map(|it| it.1).collect(),
            seq: tcp.seq_number().0 as u32,
            ack: tcp.ack().then_some(tcp.ack_number().0 as u32),
            options: options(tcp.options())?,
        })
    }
}

/// The names of the options, in their order.
fn options(mut bytes: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    while !bytes.is_empty() {
        let (rest, option) = TcpOption::parse(bytes).ok()?;
        bytes = rest;
        names.push(match option {
            TcpOption::EndOfList => break,
            TcpOption::NoOperation => continue, // fills up to four bytes
            TcpOption::MaxSegmentSize(size) => format!("MSS {size}"),
            TcpOption::SackPermitted => "SACK permitted".to_owned(),
            TcpOption::TimeStamp { .. } => "timestamps".to_owned(),
            // Its number differs between machines.
            TcpOption::WindowScale(_) => "window scale".to_owned(),
            TcpOption::SackRange(_) => "SACK".to_owned(),
            TcpOption::Unknown { kind, .. } => format!("option {kind}"),
        });
    }
    Some(names)
}
