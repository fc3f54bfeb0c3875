//! The bytes that a call takes or gives, as text.

use std::mem::offset_of;

use super::address;
use super::memory::Memory;

/// As many of them are shown.
const SHOWN: u64 = 32;

/// The most pieces that the kernel takes in one call: `man 3 limits.h`.
const IOV_MAX: u64 = 1024;

/// `len` bytes at an address.
pub fn shown(memory: Memory, address: u64, len: u64) -> String {
    quote(&memory.bytes(address, len.min(SHOWN) as usize), len)
}

pub fn shown_in_pieces(memory: Memory, vector: u64, count: u64) -> String {
    let bytes = in_pieces(memory, vector, count, u64::MAX);
    quote(&bytes, bytes.len() as u64)
}

/// The bytes of an array of `struct iovec`, `most` of them: `man 3 iovec`.
pub fn in_pieces(
    memory: Memory,
    vector: u64,
    count: u64,
    most: u64,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for n in 0..count.min(IOV_MAX) {
        let at = vector + n * size_of::<libc::iovec>() as u64;
        let left = most.min(SHOWN + 1) - bytes.len() as u64;
        let (Some(base), Some(len)) = (memory.u64(at), memory.u64(at + 8))
        else {
            break;
        };
        bytes.extend(memory.bytes(base, len.min(left) as usize));
    }
    bytes
}

/// The bytes and the address of a `struct msghdr`: `man 2 recvmsg`.
pub fn message(memory: Memory, header: u64, most: u64) -> String {
    let number = |offset: usize| memory.u64(header + offset as u64);
    let (Some(vector), Some(count)) = (
        number(offset_of!(libc::msghdr, msg_iov)),
        number(offset_of!(libc::msghdr, msg_iovlen)),
    ) else {
        return format!("{header:#x}");
    };
    let bytes = in_pieces(memory, vector, count, most);
    let text = quote(&bytes, most.min(bytes.len() as u64));
    let name = number(offset_of!(libc::msghdr, msg_name));
    let len = offset_of!(libc::msghdr, msg_namelen) as u64;
    match (name, memory.u32(header + len)) {
        (Some(name @ 1..), Some(len @ 1..)) => {
            let address = address::at(memory, name, len.into());
            let word = if most == u64::MAX { "to" } else { "from" };
            format!("{text} {word} {address}")
        }
        _ => text,
    }
}

pub fn path(memory: Memory, address: u64) -> String {
    let bytes = memory.string(address, 4096);
    format!("\"{}\"", escape(&bytes))
}

/// The bytes in quotes; behind them `...`, if `len` says that there are more.
pub fn quote(bytes: &[u8], len: u64) -> String {
    let bytes = &bytes[..bytes.len().min(SHOWN as usize)];
    let more = if len > bytes.len() as u64 { "..." } else { "" };
    format!("\"{}\"{more}", escape(bytes))
}

/// Text as it is, other bytes as `\x00`.
pub fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\0' => text += "\\0",
                '"' | '\\' | '\n' | '\r' | '\t' => {
                    text.extend(char.escape_default());
                }
                _ if char.is_control() => {
                    text += &format!("\\x{:02x}", u32::from(char));
                }
                _ => text.push(char),
            }
        }
        for byte in chunk.invalid() {
            text += &format!("\\x{byte:02x}");
        }
    }
    text
}
