//! What a program waits for, and what has come of it.

use std::mem::offset_of;

use super::memory::Memory;
use super::names::{self, EPOLL_EVENTS, POLL_EVENTS};

/// More than the kernel lets a program ask about is not believed.
const MOST: u64 = 1 << 16;

/// The descriptors of an array of `struct pollfd`: `man 2 poll`.
pub fn polled(memory: Memory, set: u64, count: u64) -> Vec<i32> {
    (0..count.min(MOST))
        .map_while(|n| memory.u32(set + 8 * n))
        .map(|fd| fd as i32)
        .collect()
}

/// The same with events: those asked for, or those that have come.
pub fn poll_set(memory: Memory, set: u64, count: u64, come: bool) -> String {
    let mut words = Vec::new();
    for (n, fd) in (0..).zip(polled(memory, set, count)) {
        let at = set + 8 * n + if come { 6 } else { 4 };
        match memory.u16(at) {
            Some(0) if come => {}
            Some(events) => {
                let events = names::flags(POLL_EVENTS, events.into());
                words.push(format!("{fd} {events}"));
            }
            None => break,
        }
    }
    format!("[{}]", words.join(", "))
}

/// The descriptors of an `fd_set`, a row of bits: `man 2 select`.
pub fn selected(memory: Memory, set: u64, count: u64) -> Vec<i32> {
    let bytes = memory.bytes(set, count.min(MOST).div_ceil(8) as usize);
    let is_in = |fd: &i32| {
        let byte = bytes.get(*fd as usize / 8);
        byte.is_some_and(|byte| byte >> (fd % 8) & 1 == 1)
    };
    (0..count.min(MOST) as i32).filter(is_in).collect()
}

pub fn bit_set(memory: Memory, set: u64, count: u64) -> String {
    let fds = selected(memory, set, count);
    let words: Vec<String> = fds.iter().map(i32::to_string).collect();
    format!("[{}]", words.join(" "))
}

/// Events, each with the number that the program has given to a descriptor:
/// `man 2 epoll_ctl`. The structure is packed on some processors.
pub fn epoll_events(memory: Memory, events: u64, count: u64) -> String {
    let mut words = Vec::new();
    for n in 0..count.min(MOST) {
        let at = events + n * size_of::<libc::epoll_event>() as u64;
        let data = at + offset_of!(libc::epoll_event, u64) as u64;
        let (Some(bits), Some(data)) = (memory.u32(at), memory.u64(data))
        else {
            break;
        };
        let bits = names::flags(EPOLL_EVENTS, bits.into());
        words.push(match u32::try_from(data) {
            Ok(data) => format!("{bits} data {data}"),
            Err(_) => format!("{bits} data {data:#x}"),
        });
    }
    words.join(", ")
}
