//! An IPv4 packet in pieces (RFC 791, section 3.2).

use smoltcp::wire::Ipv4Packet;

/// The packet, in pieces of at most `mtu` bytes where it is longer and is an
/// IPv4 packet; otherwise as it is.
///
/// Each piece has a copy of the whole header, options included.
pub(super) fn fragments(packet: Vec<u8>, mtu: usize) -> Vec<Vec<u8>> {
    if packet.len() <= mtu || packet[0] >> 4 != 4 {
        return vec![packet];
    }
    let whole = Ipv4Packet::new_unchecked(&packet[..]);
    let header_len = usize::from(whole.header_len());
    let (header, data) = packet.split_at(header_len);
    // Offsets count units of eight bytes.
    let step = (mtu - header_len) & !7;
    let pieces = data.chunks(step);
    let count = pieces.len();
    pieces
        .enumerate()
        .map(|(i, data)| {
            let mut piece = [header, data].concat();
            let total = piece.len() as u16;
            let mut packet = Ipv4Packet::new_unchecked(&mut piece);
            packet.set_total_len(total);
            // A piece that is cut again keeps its place in the whole.
            packet.set_frag_offset(whole.frag_offset() + (i * step) as u16);
            packet.set_more_frags(i + 1 < count || whole.more_frags());
            packet.fill_checksum();
            piece
        })
        .collect()
}
