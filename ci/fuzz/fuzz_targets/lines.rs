//! The decoder of `framing`, for messages that are lines.
#![no_main]

#[path = "../../../listings/framing/tests/check/mod.rs"]
mod check;

use framing::Framing;
use libfuzzer_sys::fuzz_target;

// The limit, the sizes of the pieces, and the stream.
fuzz_target!(|input: (u8, [u8; 8], &[u8])| {
    let (limit, sizes, stream) = input;
    check::any_bytes(Framing::Lines, limit.into(), stream, &sizes);
});
