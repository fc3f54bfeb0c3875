//! The network's time: std's `Duration` since the start outside, smoltcp's
//! `Instant` inside. Both are whole microseconds.

use std::time::Duration;

use smoltcp::time::Instant;

/// The time since the network was made.
pub(crate) fn since_start(instant: Instant) -> Duration {
    Duration::from_micros(instant.total_micros().max(0) as u64)
}

/// `from`, later by `by`; never beyond what the clock can count.
pub(crate) fn later(from: Instant, by: Duration) -> Instant {
    let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(from.total_micros().saturating_add(by))
}
