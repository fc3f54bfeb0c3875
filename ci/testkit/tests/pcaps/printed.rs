//! What a line that a listing has printed says of a packet.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::packets::Packet;

/// The fields that a packet must have, with what the line says of them.
#[derive(Debug)]
pub struct Said(Vec<(&'static str, String)>);

impl Said {
    /// Whether the line can be about this packet.
    pub fn is(&self, packet: &Packet) -> bool {
        self.0.iter().all(|(field, value)| packet.get(field) == Some(value))
    }
}

type Meaning = fn(&Captures<'_>) -> Vec<(&'static str, String)>;

/// The ways in which lines speak of packets, and what they say.
static WAYS: LazyLock<[(Regex, Meaning); 5]> = LazyLock::new(|| {
    let regex = |text| Regex::new(text).expect("it is a regular expression");
    [
        (
            regex(
                r"\b((?:[A-Z]{3}\+)*[A-Z]{3}) seq (\d+)(?: ack (\d+))?(?: len (\d+))?(?: win (\d+))?",
            ),
            segment,
        ),
        (regex(r"ARP who has (\S+)\? tell (\S+)"), |it| {
            vec![
                ("arp.opcode", "1".into()),
                ("arp.dst.proto_ipv4", it[1].into()),
                ("arp.src.proto_ipv4", it[2].into()),
            ]
        }),
        (regex(r"ARP (\S+) is at (\S+)"), |it| {
            vec![
                ("arp.opcode", "2".into()),
                ("arp.src.proto_ipv4", it[1].into()),
                ("arp.src.hw_mac", it[2].into()),
            ]
        }),
        (
            regex(
                r"ICMP echo (request|reply) (\d+) ([\d.]+)→([\d.]+) ttl (\d+)",
            ),
            |it| {
                let kind = if &it[1] == "request" { "8" } else { "0" };
                vec![
                    ("icmp.type", kind.into()),
                    ("icmp.seq", it[2].into()),
                    ("ip.src", it[3].into()),
                    ("ip.dst", it[4].into()),
                    ("ip.ttl", it[5].into()),
                ]
            },
        ),
        (regex(r"UDP (\d+)→\d+ len (\d+)"), |it| {
            // Wireshark counts the header too.
            let len = it[2].parse::<u32>().map_or(0, |len| len + 8);
            vec![("udp.srcport", it[1].into()), ("udp.length", len.to_string())]
        }),
    ]
});

/// `PSH+ACK seq 1 ack 1 len 5 win 65535`
fn segment(it: &Captures<'_>) -> Vec<(&'static str, String)> {
    let bit = |flag: &str| match flag {
        "FIN" => 0x01,
        "SYN" => 0x02,
        "RST" => 0x04,
        "PSH" => 0x08,
        "ACK" => 0x10,
        _ => 0,
    };
    let flags: u16 = it[1].split('+').map(bit).sum();
    let number = |i| it.get(i).map(|it| it.as_str().to_string());
    let len = number(4).unwrap_or("0".into());
    // An end that refuses a connection has no first number to count from.
    let refuses = &it[1] == "RST+ACK" && &it[2] == "0";
    let seq = if refuses { "tcp.seq_raw" } else { "tcp.seq" };
    let mut fields = vec![
        ("tcp.flags", format!("{flags:#06x}")),
        (seq, it[2].to_string()),
        ("tcp.len", len),
    ];
    fields.extend(number(3).map(|ack| ("tcp.ack", ack)));
    fields.extend(number(5).map(|win| ("tcp.window_size_value", win)));
    fields
}

/// How a line about one packet tells its time.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d\.\d{3} s ").expect("it is a regular expression")
});

/// What the line says of a packet, if it speaks of one.
pub fn read(line: &str) -> Option<Said> {
    if !TIME.is_match(line) {
        return None;
    }
    WAYS.iter().find_map(|(way, meaning)| {
        way.captures(line).map(|it| Said(meaning(&it)))
    })
}
