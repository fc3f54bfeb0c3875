//! An IP address is a number: of 32 bits in IPv4, of 128 bits in IPv6. The
//! dots and the colons are for people. Some numbers have a meaning.
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn main() -> anyhow::Result<()> {
    // ANCHOR: four
    let address: Ipv4Addr = "192.168.5.130".parse()?;
    let bytes = address.octets();
    let bits = bytes.map(|byte| format!("{byte:08b}")).join(" ");
    let number = address.to_bits(); // a u32
    println!("written     {address}");
    println!("four bytes  {bytes:?}");
    println!("32 bits     {bits}");
    println!("one number  {number}");
    println!("and back    {}", Ipv4Addr::from_bits(number));
    println!("one more    {}", Ipv4Addr::from_bits(number + 1));
    // ANCHOR_END: four

    println!();
    for (text, rule) in [
        ("256.0.0.1", "a group is one byte"),
        ("1.2.3", "there are four groups"),
        ("010.0.0.1", "no group begins with a 0"),
        ("2001:db8::1::130", "one `::`, or nobody knows how long each is"),
        ("2001:db8::fffff", "a group has at most four digits"),
    ] {
        match text.parse::<IpAddr>() {
            Ok(address) => println!("{text}: read as {address}"),
            Err(_) => println!("{text}: refused: {rule}"),
        }
    }

    println!();
    // ANCHOR: six
    let address: Ipv6Addr = "2001:db8::130".parse()?;
    let groups = address.segments().map(|group| format!("{group:04x}"));
    let number = address.to_bits(); // a u128
    println!("written       {address}");
    println!("eight groups  {}", groups.join(":"));
    println!("one number    {number}");
    println!("and back      {}", Ipv6Addr::from_bits(number));
    for spelling in [
        "2001:0db8:0000:0000:0000:0000:0000:0130",
        "2001:DB8:0:0:0:0:0:130",
        "2001:db8:0:0::130",
    ] {
        let same = spelling.parse() == Ok(address);
        println!("the same: {same}  {spelling}");
    }
    println!("2^32 = {}", 1_u128 << 32);
    println!("2^96 = {}", 1_u128 << 96);
    // ANCHOR_END: six

    println!();
    for text in [
        "127.0.0.1",
        "127.200.30.4",
        "::1",
        "0.0.0.0",
        "::",
        "172.31.0.1",
        "172.32.0.1",
        "fd12:3456:789a::1",
        "169.254.7.7",
        "fe80::7",
        "255.255.255.255",
        "233.252.0.1",
        "ff02::1",
        "203.0.113.5",
        "2001:db8::130",
        "::ffff:127.0.0.1",
    ] {
        let address: IpAddr = text.parse()?;
        println!("{address:<18} {}", kind(address));
    }
    // ANCHOR: mapped
    let mapped: IpAddr = "::ffff:127.0.0.1".parse()?;
    let within = mapped.to_canonical(); // the IPv4 address, if it holds one
    println!("  within {within}  {}", kind(within));
    // ANCHOR_END: mapped
    Ok(())
}

// ANCHOR: kind
fn kind(address: IpAddr) -> &'static str {
    match address {
        a if a.is_unspecified() => "unspecified",
        a if a.is_loopback() => "loopback",
        a if a.is_multicast() => "multicast",
        IpAddr::V4(a) if a.is_broadcast() => "broadcast",
        IpAddr::V4(a) if a.is_private() => "private",
        IpAddr::V4(a) if a.is_link_local() => "link-local",
        IpAddr::V4(a) if a.is_documentation() => "documentation",
        IpAddr::V6(a) if a.is_unique_local() => "unique local",
        IpAddr::V6(a) if a.is_unicast_link_local() => "link-local",
        // 2001:db8::/32; std has `is_documentation` here too, not yet stable.
        IpAddr::V6(a) if a.segments()[..2] == [0x2001, 0xdb8] => {
            "documentation"
        }
        _ => "none of these",
    }
}
// ANCHOR_END: kind
