//! The buffers that the server lends to the kernel, and gets back with bytes.
use std::io;
use std::ptr::{self, NonNull};
use std::slice;
use std::sync::atomic::{AtomicU16, Ordering};

use io_uring::types::BufRingEntry;
use io_uring::{IoUring, cqueue};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

/// How many: a power of two.
const COUNT: u16 = 512;

/// How many bytes each holds. What does not fit into one is sent back in
/// pieces, and the second waits for the acknowledgement of the first, some 40
/// ms (Nagle's algorithm; `TCP_NODELAY` would turn it off). No power of two,
/// for then the beginnings of all of them would compete for the same few places
/// in the processor's cache.
const SIZE: usize = 16 * 1024 + 64;

/// The number by which receives name this group of buffers.
pub const GROUP: u16 = 0;

// ANCHOR: types
pub struct Buffers {
    /// A third ring, which only we write: the buffers that the kernel may take.
    lent: NonNull<BufRingEntry>,
    tail: u16,
    /// How many the kernel has, as far as we know.
    count: u16,
    memory: NonNull<u8>,
}

/// A buffer that the kernel has filled and given back. Since it cannot be
/// copied, it is lent again once, and is not touched after that.
#[must_use]
pub struct Filled {
    id: u16,
    len: u16,
}

/// What a client is sent.
pub enum Bytes {
    /// In one of the buffers that all clients share.
    Shared(Filled),
    /// Taken out of there, since the client does not read.
    Own(Vec<u8>),
}
// ANCHOR_END: types

impl Buffers {
    pub fn new(uring: &IoUring) -> io::Result<Buffers> {
        let entries = usize::from(COUNT) * size_of::<BufRingEntry>();
        let len = entries + usize::from(COUNT) * SIZE;
        let flags = MapFlags::PRIVATE;
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: it is new memory, at an address that the kernel chooses.
        let start = unsafe {
            mmap_anonymous(ptr::null_mut(), len, access, flags)?.cast::<u8>()
        };
        let start = NonNull::new(start).expect("mmap returns no null");
        // SAFETY: the ring begins a page, and is never unmapped.
        unsafe {
            let addr = start.as_ptr() as u64;
            let submitter = uring.submitter();
            submitter.register_buf_ring_with_flags(addr, COUNT, GROUP, 0)?;
        }
        let mut buffers = Buffers {
            lent: start.cast(),
            tail: 0,
            count: 0,
            // SAFETY: within the mapping.
            memory: unsafe { start.add(entries) },
        };
        for id in 0..COUNT {
            buffers.give_back(Filled { id, len: 0 });
        }
        Ok(buffers)
    }

    // ANCHOR: filled
    /// The buffer that came with a completion.
    pub fn filled(&mut self, done: &cqueue::Entry) -> Option<Filled> {
        let id = cqueue::buffer_select(done.flags())?;
        self.count -= 1;
        let len = done.result().clamp(0, SIZE as i32) as u16;
        Some(Filled { id, len })
    }

    pub fn bytes<'a>(&'a self, filled: &'a Filled) -> &'a [u8] {
        // SAFETY: within the mapping; and nobody writes into it until it is
        // given back, which takes `filled` away.
        unsafe {
            let start = self.memory.add(usize::from(filled.id) * SIZE);
            slice::from_raw_parts(start.as_ptr(), filled.len.into())
        }
    }

    /// Lends it to the kernel again.
    pub fn give_back(&mut self, filled: Filled) {
        let at = self.tail % COUNT;
        let start = usize::from(filled.id) * SIZE;
        // SAFETY: the entry lies within the ring. The kernel reads entries up
        // to `tail` alone, and this one is behind it until the store.
        unsafe {
            let entry = &mut *self.lent.add(at.into()).as_ptr();
            entry.set_addr(self.memory.add(start).as_ptr() as u64);
            entry.set_len(SIZE as u32);
            entry.set_bid(filled.id);
            self.tail = self.tail.wrapping_add(1);
            let tail = BufRingEntry::tail(self.lent.as_ptr());
            let tail = AtomicU16::from_ptr(tail.cast_mut());
            tail.store(self.tail, Ordering::Release);
        }
        self.count += 1;
    }
    // ANCHOR_END: filled

    /// How many the kernel can still take.
    pub fn left(&self) -> usize {
        self.count.into()
    }
}

impl Bytes {
    pub fn get<'a>(&'a self, buffers: &'a Buffers) -> &'a [u8] {
        match self {
            Bytes::Shared(filled) => buffers.bytes(filled),
            Bytes::Own(bytes) => bytes,
        }
    }

    /// Takes them out of the shared buffer.
    pub fn own(self, buffers: &mut Buffers) -> Bytes {
        let own = self.get(buffers).to_vec();
        self.let_go(buffers);
        Bytes::Own(own)
    }

    pub fn let_go(self, buffers: &mut Buffers) {
        if let Bytes::Shared(filled) = self {
            buffers.give_back(filled);
        }
    }
}
