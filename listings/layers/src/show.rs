//! Headers, field by field.
use virtual_network::smoltcp::wire::{EthernetFrame, Ipv4Packet, TcpPacket};
use virtual_network::{Flags, Mac};

/// Prints the first fields of `bytes`: the length of each, and what it says.
fn fields(mut bytes: &[u8], fields: &[(usize, String)]) {
    for (length, what) in fields {
        let (field, rest) = bytes.split_at(*length);
        println!("   {:17}  {what}", hex(field));
        bytes = rest;
    }
}

pub fn tcp(bytes: &[u8]) {
    let segment = TcpPacket::new_unchecked(bytes);
    let n = segment.header_len();
    let flags = Flags {
        syn: segment.syn(),
        fin: segment.fin(),
        rst: segment.rst(),
        psh: segment.psh(),
        ack: segment.ack(),
    };
    title("transport: TCP", n.into(), "segment", bytes);
    fields(
        bytes,
        &[
            (2, format!("source port {}", segment.src_port())),
            (2, format!("destination port {}", segment.dst_port())),
            (4, format!("seq {}", segment.seq_number().0 as u32)),
            (4, format!("ack {}", segment.ack_number().0 as u32)),
            (1, format!("header length {} x 4 = {n} bytes", n / 4)),
            (1, format!("flags {flags}")),
            (2, format!("window {}", segment.window_len())),
            (2, "checksum".into()),
            (2, "urgent pointer, not in use".into()),
        ],
    );
}

pub fn ipv4(bytes: &[u8]) {
    let packet = Ipv4Packet::new_unchecked(bytes);
    let (version, n) = (packet.version(), packet.header_len());
    let protocol = packet.next_header();
    let length = format!("header length {} x 4 = {n} bytes", n / 4);
    let fragment = if packet.dont_frag() { "do not cut" } else { "may be cut" };
    title("internet: IPv4", n.into(), "packet", bytes);
    fields(
        bytes,
        &[
            (1, format!("version {version}, {length}")),
            (1, format!("service class {} (DSCP, ECN)", packet.dscp())),
            (2, format!("total length {} bytes", packet.total_len())),
            (2, format!("identification {}", packet.ident())),
            (2, format!("fragments: {fragment}")),
            (1, format!("TTL {}", packet.hop_limit())),
            (1, format!("protocol {}, {protocol}", u8::from(protocol))),
            (2, "checksum".into()),
            (4, format!("source address {}", packet.src_addr())),
            (4, format!("destination address {}", packet.dst_addr())),
        ],
    );
}

pub fn ethernet(bytes: &[u8]) {
    let frame = EthernetFrame::new_unchecked(bytes);
    let (to, from) = (Mac::from(frame.dst_addr()), Mac::from(frame.src_addr()));
    let kind = frame.ethertype();
    let n = EthernetFrame::<&[u8]>::header_len();
    title("link: Ethernet", n, "frame", bytes);
    fields(
        bytes,
        &[
            (6, format!("destination {to}")),
            (6, format!("source {from}")),
            (2, format!("type {:#06x}, {kind}", u16::from(kind))),
        ],
    );
}

/// Prints the frame, a header a line, and how much of it is data.
pub fn all(frame: &[u8], data: usize) {
    let headers = frame.len() - data;
    let (ethernet, rest) = frame.split_at(14);
    let (ipv4, rest) = rest.split_at(20);
    let (tcp, data) = rest.split_at(20);
    println!("-- the frame");
    for (name, part) in
        [("Ethernet", ethernet), ("IPv4", ipv4), ("TCP", tcp), ("data", data)]
    {
        bytes(name, part);
    }
    let percent = 100.0 * headers as f64 / frame.len() as f64;
    println!("{headers} of {} bytes are headers: {percent:.0} %", frame.len());
}

pub fn bytes(name: &str, bytes: &[u8]) {
    println!("   {name:8}  {}", hex(bytes));
}

fn title(layer: &str, header: usize, unit: &str, bytes: &[u8]) {
    let (all, inside) = (bytes.len(), bytes.len() - header);
    println!(
        "-- alice, {layer} puts {header} bytes before {inside}: \
         a {unit} of {all}"
    );
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
    bytes.join(" ")
}
