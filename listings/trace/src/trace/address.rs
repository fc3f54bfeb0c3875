//! The address of a socket, out of the bytes that the kernel takes and gives:
//! `man 7 ip`, `man 7 ipv6`, `man 7 unix`.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use super::bytes::escape;
use super::memory::Memory;
use super::names::{self, DOMAINS};

/// The longest that there is, that of a Unix socket, is shorter.
const LONGEST: u64 = 128;

/// The address that a program hands over.
pub fn at(memory: Memory, address: u64, len: u64) -> String {
    let bytes = memory.bytes(address, len.min(LONGEST) as usize);
    read(&bytes).unwrap_or_else(|| format!("{address:#x}"))
}

/// The address that the kernel has put into a room; its size stands where
/// `len` points.
pub fn at_room(memory: Memory, address: u64, len: u64) -> Option<String> {
    let len = memory.u32(len)?;
    (len > 0).then(|| at(memory, address, len.into()))
}

fn read(bytes: &[u8]) -> Option<String> {
    let (family, rest) = bytes.split_first_chunk::<2>()?;
    let family = i32::from(u16::from_ne_bytes(*family));
    match family {
        libc::AF_INET => inet(rest),
        libc::AF_INET6 => inet6(rest),
        libc::AF_UNIX => Some(unix(rest)),
        // connect with it ends what an earlier connect has set.
        _ => Some(names::one(DOMAINS, family as u64)),
    }
}

/// Port and address stand there in network byte order.
fn inet(rest: &[u8]) -> Option<String> {
    let (port, rest) = rest.split_first_chunk::<2>()?;
    let (ip, _) = rest.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes(*port);
    Some(SocketAddrV4::new(Ipv4Addr::from(*ip), port).to_string())
}

/// The scope is a number of this machine, in its own order.
fn inet6(rest: &[u8]) -> Option<String> {
    let (port, rest) = rest.split_first_chunk::<2>()?;
    let (flow, rest) = rest.split_first_chunk::<4>()?;
    let (ip, rest) = rest.split_first_chunk::<16>()?;
    let (scope, _) = rest.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes(*port);
    let (flow, scope) = (u32::from_be_bytes(*flow), u32::from_ne_bytes(*scope));
    let addr = SocketAddrV6::new(Ipv6Addr::from(*ip), port, flow, scope);
    Some(addr.to_string())
}

/// A path, which a zero ends; one that begins with a zero is a name outside
/// of the file system; none at all is a socket without a name.
fn unix(rest: &[u8]) -> String {
    match rest {
        [] => "unnamed".to_owned(),
        [0, name @ ..] => format!("@\"{}\"", escape(name)),
        path => {
            let end = path.iter().position(|byte| *byte == 0);
            let path = &path[..end.unwrap_or(path.len())];
            format!("\"{}\"", escape(path))
        }
    }
}
