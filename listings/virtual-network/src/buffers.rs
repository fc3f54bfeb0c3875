//! The size of a TCP socket's buffers.

/// How many bytes a TCP socket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffers {
    /// Bytes given to `send` that the peer has not acknowledged.
    pub send: usize,
    /// Bytes that came and were not yet taken by `recv`: the window that the
    /// socket offers at first. Above 65,535 the window is scaled (RFC 7323,
    /// section 2).
    pub receive: usize,
}

impl Default for Buffers {
    /// 65,535 bytes each way: the largest window without scaling.
    fn default() -> Self {
        Self { send: 65535, receive: 65535 }
    }
}
