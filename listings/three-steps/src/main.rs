//! Make, register, wait: the three steps of a selector, by the calls of the
//! system that this runs on: epoll, kqueue, or a completion port.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[path = "epoll.rs"]
mod selector;
#[cfg(any(
    target_vendor = "apple",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
))]
#[path = "kqueue.rs"]
mod selector;
#[cfg(windows)]
#[path = "iocp.rs"]
mod selector;

use std::net::{TcpListener, TcpStream};

/// What the selector is to call the socket when it speaks of it.
const KEY: usize = 7;

fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let peer = TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    selector::three_steps(stream, peer)
}
