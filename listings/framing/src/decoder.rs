//! Bytes in, in any pieces; messages out, or an error.
use std::ops::Range;
use std::str;

use crate::{FrameError, Framing, HEADER, within};

// ANCHOR: state
/// Finds the messages of a stream, however it is cut into pieces.
///
/// Push a piece, take the messages until there are no more, push the next.
/// Then it never has room for more than `limit` + 4 bytes and one piece.
#[derive(Debug)]
pub struct Decoder {
    framing: Framing,
    /// The longest message, in bytes.
    limit: usize,
    buffer: Vec<u8>,
    /// The bytes before this index have been taken.
    start: usize,
    /// So many of the bytes from `start` on hold no `\n`.
    searched: usize,
    failed: Option<FrameError>,
}
// ANCHOR_END: state

/// Where a frame and the message in it lie, counted from `start`.
struct Frame {
    message: Range<usize>,
    end: usize,
}

impl Decoder {
    /// A decoder at the beginning of a stream. `limit` is the longest message
    /// that it takes, in bytes; a length or a line end does not count.
    pub fn new(framing: Framing, limit: usize) -> Decoder {
        let buffer = Vec::new();
        Decoder { framing, limit, buffer, start: 0, searched: 0, failed: None }
    }

    // ANCHOR: push
    /// Adds the bytes that one read has brought. After an error it drops them.
    pub fn push(&mut self, piece: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        self.make_room(piece.len());
        self.buffer.extend_from_slice(piece);
    }

    /// Doubles the room when it is full, as `Vec` does, but stops at the limit.
    fn make_room(&mut self, more: usize) {
        let (length, room) = (self.buffer.len(), self.buffer.capacity());
        let needed = length + more;
        if needed > room {
            let most = self.limit.saturating_add(HEADER);
            let new = room.saturating_mul(2).min(most).max(needed);
            self.buffer.reserve_exact(new - length);
        }
    }
    // ANCHOR_END: push

    // ANCHOR: next_message
    /// Takes the next message out; `None` until more bytes are pushed.
    ///
    /// # Errors
    ///
    /// `TooLong`, `NoLineEnd`, `NotUtf8`. An error is final: each later call
    /// returns it again.
    pub fn next_message(&mut self) -> Result<Option<String>, FrameError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let result = self.take();
        if let Err(error) = result {
            self.failed = Some(error);
            self.buffer = Vec::new(); // gives the memory back
            self.start = 0;
        }
        result
    }

    fn take(&mut self) -> Result<Option<String>, FrameError> {
        let frame = match self.framing {
            Framing::LengthFirst => self.find_by_length()?,
            Framing::Lines => self.find_line()?,
        };
        let Some(frame) = frame else { return Ok(None) };
        let text = str::from_utf8(&self.pending()[frame.message])
            .map_err(FrameError::NotUtf8)?
            .to_owned();
        self.start += frame.end;
        self.searched = 0;
        Ok(Some(text))
    }
    // ANCHOR_END: next_message

    // ANCHOR: find_by_length
    fn find_by_length(&self) -> Result<Option<Frame>, FrameError> {
        let Some((header, rest)) = self.pending().split_first_chunk() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*header) as usize;
        let length = within(length, self.limit)?;
        if rest.len() < length {
            return Ok(None);
        }
        let end = HEADER + length;
        Ok(Some(Frame { message: HEADER..end, end }))
    }
    // ANCHOR_END: find_by_length

    // ANCHOR: find_line
    fn find_line(&mut self) -> Result<Option<Frame>, FrameError> {
        let pending = self.pending();
        let most = self.limit.saturating_add(2); // and \r\n
        let window = &pending[..pending.len().min(most)];
        let mut unseen = window[self.searched..].iter();
        let too_long = FrameError::NoLineEnd { limit: self.limit };
        let Some(at) = unseen.position(|&byte| byte == b'\n') else {
            if window.len() == most {
                return Err(too_long);
            }
            self.searched = window.len();
            return Ok(None);
        };
        let end = self.searched + at;
        let line = &window[..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > self.limit {
            return Err(too_long);
        }
        Ok(Some(Frame { message: 0..line.len(), end: end + 1 }))
    }
    // ANCHOR_END: find_line

    // ANCHOR: end
    /// What it means that the stream ends here. Take all messages before.
    ///
    /// # Errors
    ///
    /// `Cut` inside a message, and the error that has been there before.
    pub fn end(&self) -> Result<(), FrameError> {
        match (self.failed, self.pending().len()) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()), // between two messages
            (None, after) => Err(FrameError::Cut { after }),
        }
    }
    // ANCHOR_END: end

    /// The bytes that have come and have not been taken.
    pub fn pending(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// How many bytes of memory the buffer has.
    pub fn capacity(&self) -> usize {
        self.buffer.capacity()
    }
}
