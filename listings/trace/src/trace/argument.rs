//! The text of each argument: what the program says when it enters the
//! kernel.

use super::memory::Memory;
use super::names::{self, *};
use super::signature::Arg;
use super::{address, bytes, interest};

/// Stands where the kernel will write something.
const ROOM: &str = "…";

/// Each argument of a call, with its place among the six numbers.
pub fn places(signature: &[Arg]) -> impl Iterator<Item = (usize, Arg)> {
    let mut next = 0;
    signature.iter().map(move |&arg| {
        let place = next;
        next += numbers(arg);
        (place, arg)
    })
}

/// How many numbers an argument takes.
fn numbers(arg: Arg) -> usize {
    use Arg::*;
    match arg {
        Address | AddressRoom | From | Value | ValueRoom | PollSet => 2,
        _ => 1,
    }
}

/// What one argument says, of the six numbers of a call. Nothing, if the call
/// does not look at it.
pub fn text(arg: Arg, at: usize, args: &[u64; 6], memory: Memory) -> String {
    let value = args[at];
    let next = args.get(at + 1).copied().unwrap_or(0);
    match arg {
        Arg::Fd | Arg::Int => (value as i32).to_string(),
        Arg::Size => value.to_string(),
        Arg::One(names) => names::one(names, value),
        Arg::Flags(names) => names::flags(names, value),
        Arg::Type => names::one_and_flags(0xf, TYPES, SOCKET_FLAGS, value),
        Arg::OpenFlags => open_flags(value),
        Arg::FutexOp => {
            names::one_and_flags(0x7f, FUTEX_OPS, FUTEX_FLAGS, value)
        }
        Arg::Protocol => match args[0] as i32 {
            libc::AF_INET | libc::AF_INET6 => names::one(PROTOCOLS, value),
            _ => value.to_string(),
        },
        Arg::OptionName => option_name(args[1], value),
        Arg::Control => control(args[1], value),
        Arg::Ioctl => ioctl(args[1], value, memory),
        _ if value == 0 => "NULL".to_owned(),
        Arg::Pointer => format!("{value:#x}"),
        Arg::Bytes => bytes::shown(memory, value, next),
        Arg::Pieces => bytes::shown_in_pieces(memory, value, next),
        Arg::Message => bytes::message(memory, value, u64::MAX),
        Arg::Path => bytes::path(memory, value),
        Arg::Address => address::at(memory, value, next),
        Arg::Value => option_value(args[2], memory, value, next),
        Arg::PollSet => interest::poll_set(memory, value, next, false),
        Arg::BitSet => interest::bit_set(memory, value, args[0]),
        Arg::EpollEvent => interest::epoll_events(memory, value, 1),
        Arg::Timespec => time(memory, value, 1_000_000_000),
        Arg::Timeval => time(memory, value, 1_000_000),
        Arg::Timer => timer(memory, value),
        Arg::Signals => {
            memory.u64(value).map(names::signals).unwrap_or_default()
        }
        Arg::Room
        | Arg::RoomInPieces
        | Arg::AddressRoom
        | Arg::From
        | Arg::MessageRoom
        | Arg::ValueRoom
        | Arg::EpollRoom
        | Arg::SignalRoom
        | Arg::Pair => ROOM.to_owned(),
    }
}

/// What the kernel has written into the room that an argument gave it, when
/// it comes back with a `result`.
pub fn written(
    arg: Arg,
    at: usize,
    args: &[u64; 6],
    memory: Memory,
    result: u64,
) -> Option<String> {
    let value = args[at];
    let next = args.get(at + 1).copied().unwrap_or(0);
    if value == 0 && arg != Arg::Control {
        return None; // no room
    }
    match arg {
        // A datagram may have been longer than the room.
        Arg::Room => Some(bytes::shown(memory, value, result.min(next))),
        Arg::RoomInPieces => {
            let all = bytes::in_pieces(memory, value, next, result);
            Some(bytes::quote(&all, result))
        }
        Arg::MessageRoom => Some(bytes::message(memory, value, result)),
        Arg::AddressRoom => address::at_room(memory, value, next),
        Arg::From => {
            let from = address::at_room(memory, value, next)?;
            Some(format!("from {from}"))
        }
        Arg::ValueRoom => {
            let len = memory.u32(next)?;
            Some(option_value(args[2], memory, value, len.into()))
        }
        Arg::PollSet => Some(interest::poll_set(memory, value, next, true)),
        Arg::BitSet => Some(interest::bit_set(memory, value, args[0])),
        Arg::EpollRoom => Some(interest::epoll_events(memory, value, result)),
        Arg::Pair => {
            let (one, other) = (memory.u32(value)?, memory.u32(value + 4)?);
            Some(format!("{one} {other}"))
        }
        Arg::SignalRoom => Some(names::signal(result as i32)),
        Arg::Control => match args[1] as i32 {
            libc::F_GETFL => Some(open_flags(result)),
            libc::F_GETFD => Some(names::flags(DESCRIPTOR_FLAGS, result)),
            _ => None,
        },
        Arg::Ioctl if args[1] == libc::FIONREAD => {
            memory.u32(value).map(|n| n.to_string())
        }
        _ => None,
    }
}

fn open_flags(value: u64) -> String {
    // The kernel sets a flag of its own, for files larger than 2 GiB.
    let value = value & !0o100000;
    names::one_and_flags(0x3, ACCESS_MODES, FILE_FLAGS, value)
}

fn option_name(level: u64, name: u64) -> String {
    let names = match level as i32 {
        libc::SOL_SOCKET => SOCKET_OPTIONS,
        libc::SOL_TCP => TCP_OPTIONS,
        libc::SOL_IP => IP_OPTIONS,
        libc::SOL_IPV6 => IPV6_OPTIONS,
        _ => &[],
    };
    names::one(names, name)
}

/// A number; a time, or how long to linger; or so many bytes of another kind.
fn option_value(name: u64, memory: Memory, value: u64, len: u64) -> String {
    let number = match (len, name as i32) {
        (16, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO) => {
            return time(memory, value, 1_000_000);
        }
        (1, _) => memory.array(value).map(|[byte]| i32::from(byte)),
        (4, _) => memory.u32(value).map(|number| number as i32),
        _ => None,
    };
    number.map_or_else(|| format!("{len} bytes"), |n| n.to_string())
}

fn control(command: u64, value: u64) -> String {
    match command as i32 {
        libc::F_GETFD | libc::F_GETFL | libc::F_GETOWN => String::new(),
        libc::F_SETFD => names::flags(DESCRIPTOR_FLAGS, value),
        libc::F_SETFL => open_flags(value),
        _ => (value as i32).to_string(),
    }
}

fn ioctl(request: u64, value: u64, memory: Memory) -> String {
    let number = match request {
        libc::FIONREAD => return ROOM.to_owned(),
        libc::FIONBIO | libc::FIOASYNC => memory.u32(value),
        _ => None,
    };
    number.map_or_else(|| format!("{value:#x}"), |n| n.to_string())
}

/// Two numbers: seconds, and parts of a second.
fn time(memory: Memory, address: u64, parts: u64) -> String {
    let seconds = memory.u64(address);
    match (seconds, memory.u64(address + 8)) {
        (Some(seconds), Some(rest)) => {
            format!("{} s", seconds as f64 + rest as f64 / parts as f64)
        }
        _ => format!("{address:#x}"),
    }
}

/// When it rings first, and then how often.
fn timer(memory: Memory, address: u64) -> String {
    let first = time(memory, address + 16, 1_000_000_000);
    format!("{first}, {}", time(memory, address, 1_000_000_000))
}
