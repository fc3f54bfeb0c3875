//! Finds a port on loopback.

use anyhow::{Context, bail};
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use tokio::net::TcpListener;

/// How many ports are tried after the one that was asked for.
const MORE_PORTS: u16 = 99;

/// Listens on 127.0.0.1, on `port` or, if another program has that one, on
/// the next that is free. Port 0 lets the system choose.
pub(crate) async fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let last = match port {
        0 => 0,
        port => port.saturating_add(MORE_PORTS),
    };
    for port in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Err(error) if is_taken(&error) => {}
            result => {
                return result.with_context(|| {
                    format!("cannot listen on 127.0.0.1:{port}")
                });
            }
        }
    }
    bail!(
        "cannot listen on 127.0.0.1:{port}: other programs have that port \
         and all from it to {last}"
    )
}

/// Whether `error` says that another program has the port. Windows denies
/// permission where that program wants the port for itself, and for ports
/// that it keeps for virtual machines.
fn is_taken(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrInUse
        || cfg!(windows) && error.kind() == ErrorKind::PermissionDenied
}
