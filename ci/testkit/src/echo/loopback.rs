//! Loopback addresses, one a test.

use std::net::{IpAddr, Ipv4Addr};
use std::process;
use std::sync::atomic::{AtomicU8, Ordering};

/// A loopback address that no other test uses, where the system has more than
/// one (Linux: all of 127.0.0.0/8), so that no passing connection takes a port
/// that the test counts on.
pub fn own_loopback() -> IpAddr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    if cfg!(target_os = "linux") {
        let [.., high, low] = process::id().to_be_bytes();
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        // 127.0 is where everybody else is.
        IpAddr::from([127, high | 128, low, next.clamp(1, 254)])
    } else {
        IpAddr::from(Ipv4Addr::LOCALHOST)
    }
}
