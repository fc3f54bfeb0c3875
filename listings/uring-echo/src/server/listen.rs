//! The listener, and how many descriptors there may be.
use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

pub fn listen(addr: &str) -> io::Result<TcpListener> {
    let listener = bind(addr)?;
    // std asks for a backlog of 128. A second listen changes it.
    rustix::net::listen(&listener, 4096)?;
    Ok(listener) // a blocking socket: only operations are tried on it
}

/// A server that was killed may have left an operation on this port: the kernel
/// ends those only after the process.
fn bind(addr: &str) -> io::Result<TcpListener> {
    for _ in 0..50 {
        match TcpListener::bind(addr) {
            Err(e) if e.kind() == ErrorKind::AddrInUse => {
                thread::sleep(Duration::from_millis(20));
            }
            result => return result,
        }
    }
    TcpListener::bind(addr)
}

/// Each client takes a descriptor: ask for as many as the system allows.
pub fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(e) = setrlimit(Resource::Nofile, limit) {
        eprintln!("the limit of descriptors stays what it is: {e}");
    }
}
