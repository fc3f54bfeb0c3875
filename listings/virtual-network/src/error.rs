//! Errors: std's, with a sentence that names the thing.

use std::io::{self, ErrorKind};
use std::net::IpAddr;

/// The caller asked for something that cannot be.
pub(crate) fn invalid(why: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}

/// The host has neither a network with that address nor a gateway.
pub(crate) fn no_route(host: &str, to: IpAddr) -> io::Error {
    let why = format!("{host} has no route to {to}");
    io::Error::new(ErrorKind::NetworkUnreachable, why)
}
