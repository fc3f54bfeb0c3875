//! What `tshark` sees in a file.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// The fields of a packet that are not empty, by their names in Wireshark.
pub type Packet = BTreeMap<&'static str, String>;

const FIELDS: [&str; 19] = [
    "arp.opcode",
    "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
    "arp.src.hw_mac",
    "icmp.type",
    "icmp.seq",
    "icmpv6.type",
    "icmpv6.echo.sequence_number",
    "ip.src",
    "ip.dst",
    "ip.ttl",
    "tcp.flags",
    "tcp.seq",
    "tcp.seq_raw",
    "tcp.ack",
    "tcp.len",
    "tcp.window_size_value",
    "udp.srcport",
    "udp.length",
];

pub fn tshark_is_there() -> bool {
    match tshark(&["--version"]) {
        Err(error) => error.kind() != io::ErrorKind::NotFound,
        Ok(_) => true,
    }
}

/// The packets that are malformed, or have a checksum that is wrong. A segment
/// that an ICMP error quotes is cut, so its checksum cannot be right.
pub fn wrong(file: &Path) -> io::Result<String> {
    let complaint = "_ws.malformed || ip.checksum.status == 0 || \
         (tcp.checksum.status == 0 && !icmp && !icmpv6) || \
         (udp.checksum.status == 0 && !icmp && !icmpv6) || \
         icmp.checksum.status == 0 || icmpv6.checksum.status == 0";
    let file = file.to_string_lossy();
    let mut args = vec!["-n", "-r", &*file, "-Y", complaint];
    for check in [
        "ip.check_checksum:TRUE",
        "tcp.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
        // What is in the segments is no HTTP, even on port 80.
        "tcp.desegment_tcp_streams:FALSE",
    ] {
        args.extend(["-o", check]);
    }
    tshark(&args)
}

/// All packets.
pub fn read(file: &Path) -> io::Result<Vec<Packet>> {
    let file = file.to_string_lossy();
    // What an ICMP error quotes comes second.
    let options = ["-T", "fields", "-E", "occurrence=f"];
    let mut args = vec!["-n", "-r", &*file];
    args.extend(options);
    args.extend(FIELDS.iter().flat_map(|field| ["-e", field]));
    let text = tshark(&args)?;
    let packet = |line: &str| {
        let values = line.split('\t').map(str::to_string);
        let fields = FIELDS.into_iter().zip(values);
        fields.filter(|(_, value)| !value.is_empty()).collect()
    };
    Ok(text.lines().map(packet).collect())
}

/// What `tshark` prints; it reads a file, so it ends by itself.
fn tshark(args: &[&str]) -> io::Result<String> {
    let output =
        Command::new("tshark").args(args).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(why));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
