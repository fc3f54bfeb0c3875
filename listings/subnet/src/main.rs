//! A prefix length cuts an address into a network part and a host part. By
//! the network part a host decides where a packet goes first.
use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, ensure};

fn main() -> anyhow::Result<()> {
    // ANCHOR: parts
    let (address, length) = cidr("192.168.5.130/26")?;
    let mask = mask(length);
    let network = address.to_bits() & mask;
    let broadcast = network | !mask;
    println!("{address}/{length}");
    for (what, number) in [
        ("address", address.to_bits()),
        ("mask", mask),
        ("network", network),
        ("broadcast", broadcast),
    ] {
        let bits = cut(number, length);
        println!("{what:<9}  {bits}  {}", Ipv4Addr::from_bits(number));
    }
    // ANCHOR_END: parts

    println!();
    // ANCHOR: sizes
    for text in [
        "10.0.0.0/8",
        "192.168.5.128/26",
        "203.0.113.8/30",
        "203.0.113.8/31",
        "203.0.113.8/32",
    ] {
        let (_, length) = cidr(text)?;
        let addresses = 1_u64 << (32 - length);
        let hosts = match length {
            31 | 32 => addresses, // RFC 3021; one host alone
            _ => addresses - 2,   // not the first, not the last
        };
        println!("{text:<17} addresses {addresses:>8}, for hosts {hosts:>8}");
    }
    println!("2001:db8:5::/64   addresses {}", 1_u128 << (128 - 64));
    // ANCHOR_END: sizes

    println!();
    for (own, length, destinations) in [
        (
            "192.168.5.130",
            26,
            ["192.168.5.190", "192.168.5.200", "203.0.113.5"],
        ),
        (
            "2001:db8:5::130",
            64,
            ["2001:db8:5::9:9", "2001:db8:6::130", "2001:db9::1"],
        ),
    ] {
        let own: IpAddr = own.parse()?;
        println!("{own}/{length} has a packet for");
        for destination in destinations {
            let destination: IpAddr = destination.parse()?;
            let next = if same_prefix(own, destination, length) {
                "the same prefix: directly"
            } else {
                "another prefix: to the gateway"
            };
            println!("  {destination:<15}  {next}");
        }
    }
    Ok(())
}

// ANCHOR: mask
/// A number whose first `length` bits are 1; `length` is 32 at most.
fn mask(length: u32) -> u32 {
    // `u32::MAX << 32` would be an overflow, and not 0.
    u32::MAX.checked_shl(32 - length).unwrap_or(0)
}

/// The same for IPv6; `length` is 128 at most.
fn mask_v6(length: u32) -> u128 {
    u128::MAX.checked_shl(128 - length).unwrap_or(0)
}
// ANCHOR_END: mask

// ANCHOR: same_prefix
fn same_prefix(one: IpAddr, other: IpAddr, length: u32) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            // XOR: the bits in which the two differ
            (one.to_bits() ^ other.to_bits()) & mask(length) == 0
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            (one.to_bits() ^ other.to_bits()) & mask_v6(length) == 0
        }
        _ => false,
    }
}
// ANCHOR_END: same_prefix

/// Reads an address, a slash and a prefix length.
fn cidr(text: &str) -> anyhow::Result<(Ipv4Addr, u32)> {
    let (address, length) =
        text.split_once('/').with_context(|| format!("{text}: no slash"))?;
    let address = address.parse().with_context(|| text.to_owned())?;
    let length = length.parse().with_context(|| text.to_owned())?;
    ensure!(length <= 32, "{text}: a prefix has at most 32 bits");
    Ok((address, length))
}

/// The 32 bits in groups of eight, with `|` where the prefix ends.
fn cut(number: u32, length: u32) -> String {
    let mut text = String::new();
    for place in 0..32 {
        if place == length {
            text.push('|');
        } else if place % 8 == 0 && place > 0 {
            text.push(' ');
        }
        let bit = number >> (31 - place) & 1;
        text.push_str(if bit == 1 { "1" } else { "0" });
    }
    text
}
