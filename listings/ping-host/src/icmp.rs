//! Echo requests and replies as bytes: RFC 792, RFC 4443 section 4.
use std::net::IpAddr;

// ANCHOR: request
/// An echo request to `to`.
pub fn request(to: IpAddr, id: u16, number: u16, data: &[u8]) -> Vec<u8> {
    let kind = if to.is_ipv4() { 8 } else { 128 };
    let mut message = vec![kind, 0, 0, 0]; // type, code, checksum
    message.extend_from_slice(&id.to_be_bytes());
    message.extend_from_slice(&number.to_be_bytes());
    message.extend_from_slice(data);
    // ICMPv6's checksum covers the addresses too: there the kernel fills it
    // in, always (RFC 3542, section 3.1).
    if to.is_ipv4() {
        let sum = checksum(&message);
        message[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    message
}

/// The Internet checksum (RFC 1071, section 1): 16 bits at a time, and what
/// does not fit into 16 bits is added in again.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum = 0_u32;
    for pair in bytes.chunks(2) {
        let low = pair.get(1).copied().unwrap_or(0);
        sum += u32::from(u16::from_be_bytes([pair[0], low]));
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
// ANCHOR_END: request

/// Whether `packet` is the reply to that request.
pub fn is_reply(
    mut packet: &[u8],
    from: IpAddr,
    id: u16,
    number: u16,
    data: &[u8],
) -> bool {
    // A raw socket for IPv4, and any on macOS, has the IP header in front. Its
    // first byte is the version, 4, and the length in units of four bytes.
    if let Some(&first) = packet.first()
        && from.is_ipv4()
        && first >> 4 == 4
    {
        let length = usize::from(first & 15) * 4;
        packet = packet.get(length..).unwrap_or(&[]);
    }
    let kind = if from.is_ipv4() { 0 } else { 129 };
    let mut expected = vec![kind, 0];
    expected.extend_from_slice(&id.to_be_bytes());
    expected.extend_from_slice(&number.to_be_bytes());
    expected.extend_from_slice(data);
    // All but the checksum, which the kernel has looked at.
    packet.len() >= 4 && [&packet[..2], &packet[4..]].concat() == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_a_whole_message_is_0() {
        for data in [&b"hello"[..], b"hell", b""] {
            let message = request([127, 0, 0, 1].into(), 0xabcd, 7, data);
            assert_eq!(checksum(&message), 0);
        }
        // The example of RFC 1071, section 3.
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(checksum(&bytes), !0xddf2);
    }
}
