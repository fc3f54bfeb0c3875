//! What can be wrong with a stream of messages.
use std::error::Error;
use std::fmt;
use std::str::Utf8Error;

// ANCHOR: errors
/// Why there is no message. All numbers are bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FrameError {
    /// The message is over the limit, or the length that was announced.
    TooLong {
        /// How long it is, or would be.
        length: usize,
        /// How long it may be.
        limit: usize,
    },
    /// More bytes have come than a line may have, and no line end.
    NoLineEnd {
        /// How long the line may be.
        limit: usize,
    },
    /// The bytes of a whole message are not UTF-8.
    NotUtf8(Utf8Error),
    /// The stream ended inside a message.
    Cut {
        /// How much of the message and its marking had come.
        after: usize,
    },
    /// A text that is to be sent as a line holds a `\n`.
    LineEnd,
}
// ANCHOR_END: errors

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameError::TooLong { length, limit } => {
                write!(f, "{length} bytes are more than {limit}")
            }
            FrameError::NoLineEnd { limit } => {
                write!(f, "no line end within {limit} bytes")
            }
            FrameError::NotUtf8(why) => write!(f, "not UTF-8: {why}"),
            FrameError::Cut { after } => {
                write!(
                    f,
                    "the stream ended inside a message, after {after} bytes"
                )
            }
            FrameError::LineEnd => f.write_str("a line cannot hold a line end"),
        }
    }
}

impl Error for FrameError {}
