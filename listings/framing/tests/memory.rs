//! How much memory a hostile peer can make the decoder use, as the allocator
//! counts it.
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use framing::{Decoder, FrameError, Framing, HEADER};

thread_local! {
    /// Bytes that this thread has now, and the most that it has had.
    static NOW: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(more: usize, less: usize) {
    let now = NOW.get() + more as isize - less as isize;
    NOW.set(now);
    MOST.set(MOST.get().max(now));
}

struct Counting;

// SAFETY: every call goes to `System` as it came. Counting allocates nothing:
// the cells are made at compile time and need no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller keeps the promises of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(
        &self,
        at: *mut u8,
        layout: Layout,
        new: usize,
    ) -> *mut u8 {
        count(new, layout.size());
        // SAFETY: the caller keeps the promises of `realloc`.
        unsafe { System.realloc(at, layout, new) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LIMIT: usize = 64 * 1024;
const PIECE: usize = 4096;

/// The most memory in use while 16 MiB come, the same piece again and again.
fn most(framing: Framing, first: &[u8], then: &[u8]) -> usize {
    let before = NOW.get();
    MOST.set(before);
    let mut decoder = Decoder::new(framing, LIMIT);
    decoder.push(first);
    for _ in 0..(16 << 20) / PIECE {
        decoder.push(then);
        while let Ok(Some(_)) = decoder.next_message() {}
    }
    (MOST.get() - before) as usize
}

#[test]
fn a_hostile_peer() -> Result<(), FrameError> {
    let piece = [b'a'; PIECE];
    let bound = LIMIT + HEADER + PIECE;
    let longest = (LIMIT as u32).to_be_bytes();
    for (framing, first) in [
        (Framing::LengthFirst, &[0xff; 4][..]),
        (Framing::LengthFirst, &b"\0\x01"[..]),
        (Framing::Lines, &b""[..]),
    ] {
        let most = most(framing, first, &piece);
        assert!(most <= bound, "{framing:?}: {most} bytes");
    }
    // Announced and not sent: nothing is reserved for it.
    let announced = most(Framing::LengthFirst, &longest, b"");
    assert!(announced < 64, "{announced} bytes");
    // Whole messages, as long as they may be: one more is in the hands of
    // whoever has taken it.
    let text = "a".repeat(LIMIT);
    for framing in [Framing::LengthFirst, Framing::Lines] {
        let stream = framing.encode(&text, LIMIT)?.repeat(3);
        let before = NOW.get();
        MOST.set(before);
        let mut decoder = Decoder::new(framing, LIMIT);
        for piece in stream.chunks(PIECE) {
            decoder.push(piece);
            while decoder.next_message()?.is_some() {}
        }
        let most = (MOST.get() - before) as usize;
        assert!(most <= bound + LIMIT, "{framing:?}: {most} bytes");
    }
    Ok(())
}
