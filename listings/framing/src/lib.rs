//! Messages on a stream of bytes: a [`Framing`] marks where each ends, and a
//! [`Decoder`] finds them again in the pieces that are read.

mod decoder;
mod error;

pub use decoder::Decoder;
pub use error::FrameError;

/// How many bytes say the length of a message.
pub const HEADER: usize = 4;

// ANCHOR: framing
/// How the end of a message is marked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Framing {
    /// Four bytes, the highest first, say how many bytes follow.
    LengthFirst,
    /// `\r\n` stands behind a message; the receiver takes `\n` too.
    Lines,
}
// ANCHOR_END: framing

impl Framing {
    // ANCHOR: encode
    /// The bytes to send for `text`, which may have `limit` bytes.
    ///
    /// # Errors
    ///
    /// `TooLong`, and `LineEnd` for a text that is more than one line.
    pub fn encode(
        self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<u8>, FrameError> {
        // Four bytes cannot say more than `u32::MAX`.
        let length = within(text.len(), limit.min(u32::MAX as usize))?;
        let mut frame = Vec::with_capacity(HEADER + length);
        match self {
            Framing::LengthFirst => {
                frame.extend((length as u32).to_be_bytes());
                frame.extend(text.as_bytes());
            }
            Framing::Lines => {
                if text.contains('\n') {
                    return Err(FrameError::LineEnd);
                }
                frame.extend(text.as_bytes());
                frame.extend(b"\r\n");
            }
        }
        Ok(frame)
    }
    // ANCHOR_END: encode
}

// ANCHOR: limit
/// The length, if it is within the limit.
fn within(length: usize, limit: usize) -> Result<usize, FrameError> {
    if length <= limit {
        Ok(length)
    } else {
        Err(FrameError::TooLong { length, limit })
    }
}
// ANCHOR_END: limit
