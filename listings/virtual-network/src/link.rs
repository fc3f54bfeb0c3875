//! A link: two ends, a delay, an MTU, and what goes wrong on it.

use std::time::Duration;

use crate::frame::Frame;
use crate::impairment::{Effect, Impairment};

/// The smallest MTU that IPv4 allows (RFC 791, section 3.2), in bytes. IPv6
/// asks for 1280 (RFC 8200, section 5).
pub(crate) const LEAST_MTU: usize = 68;

/// What a link is like, both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub(crate) delay: Duration,
    pub(crate) mtu: usize,
}

impl Default for Link {
    /// An Ethernet link: 1 ms, 1500 bytes.
    fn default() -> Self {
        Self { delay: Duration::from_millis(1), mtu: 1500 }
    }
}

impl Link {
    /// How long a frame is on its way, whatever its length: a link has no
    /// limit of bytes a second. Counted in whole microseconds, at least one.
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay: delay.max(Duration::from_micros(1)), ..self }
    }

    /// The longest IP packet, in bytes, that a frame can carry: 68 to 65,535.
    pub fn mtu(self, bytes: usize) -> Self {
        Self { mtu: bytes, ..self }
    }
}

/// A link in place: where it ends, and what goes wrong each way.
pub(crate) struct Wire {
    pub(crate) link: Link,
    /// Node and port of each end.
    pub(crate) ends: [(usize, usize); 2],
    /// What befalls the frames that each end sends.
    pub(crate) impairments: [Vec<Impairment>; 2],
}

impl Wire {
    /// What befalls a frame that end `end` sends. Each impairment counts the
    /// frames it looks for, also those that another one loses.
    pub(crate) fn effect(&mut self, end: usize, frame: &Frame) -> Effect {
        let mut all = Effect::default();
        for impairment in &mut self.impairments[end] {
            all.add(impairment.on(frame));
        }
        all
    }
}
