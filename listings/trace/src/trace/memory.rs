//! Reading the tracee's memory: most arguments are addresses there.

use std::io::IoSliceMut;

use nix::sys::uio::{RemoteIoVec, process_vm_readv};
use nix::unistd::Pid;

/// Pages are this long or a multiple of it: memory is there up to such an
/// address, or beyond it.
const PAGE: usize = 4096;

/// The memory of a thread, which is stopped.
#[derive(Clone, Copy)]
pub struct Memory(pub i32);

impl Memory {
    /// The bytes at an address: fewer where there are no more.
    pub fn bytes(self, address: u64, len: usize) -> Vec<u8> {
        let mut buf = vec![0; len];
        let local = &mut [IoSliceMut::new(&mut buf)];
        let remote = &[RemoteIoVec { base: address as usize, len }];
        let read = process_vm_readv(Pid::from_raw(self.0), local, remote);
        buf.truncate(read.unwrap_or(0));
        buf
    }

    /// `N` bytes at an address, all of them.
    pub fn array<const N: usize>(self, address: u64) -> Option<[u8; N]> {
        self.bytes(address, N).try_into().ok()
    }

    pub fn u16(self, address: u64) -> Option<u16> {
        self.array(address).map(u16::from_ne_bytes)
    }

    pub fn u32(self, address: u64) -> Option<u32> {
        self.array(address).map(u32::from_ne_bytes)
    }

    pub fn u64(self, address: u64) -> Option<u64> {
        self.array(address).map(u64::from_ne_bytes)
    }

    /// The bytes up to a zero, `most` of them.
    pub fn string(self, address: u64, most: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < most {
            let at = address + bytes.len() as u64;
            let page = PAGE - at as usize % PAGE;
            let more = self.bytes(at, page.min(most - bytes.len()));
            let end = more.iter().position(|byte| *byte == 0);
            bytes.extend_from_slice(&more[..end.unwrap_or(more.len())]);
            if end.is_some() || more.is_empty() {
                break;
            }
        }
        bytes
    }
}
