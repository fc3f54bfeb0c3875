//! Opens many connections to one server.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, sockopt};
use rustix::process::{Resource, getrlimit, setrlimit};

use crate::fault::Fault;

/// A server that listens with the backlog of the standard library has room
/// for 128 who wait to be accepted. So after this many the last one says
/// something, and when it is answered the others have been accepted too.
const BATCH: usize = 64;

/// From one address to one address and port there are 28,232 connections: so
/// many ports has `/proc/sys/net/ipv4/ip_local_port_range` by default. The
/// kernel tries them one after the other, and the more are taken, or closed
/// and not yet free again, the longer that takes. So after this many the next
/// address of the loopback network is the source.
const PER_SOURCE: usize = 4_000;

/// How long one connection, or one answer, may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens `number` connections to a server.
///
/// # Errors
///
/// [`Fault::Few`], with the number of those that opened.
pub fn connect(
    addr: SocketAddr,
    number: usize,
) -> Result<Vec<TcpStream>, Fault> {
    let mut streams = Vec::with_capacity(number);
    for n in 0..number {
        let last = (n + 1) % BATCH == 0 || n + 1 == number;
        let opened = open(addr, source(addr, n)).and_then(|stream| {
            if last { answers(&stream).map(|()| stream) } else { Ok(stream) }
        });
        match opened {
            Ok(stream) => streams.push(stream),
            Err(e) => return Err(Fault::Few(streams.len(), e.to_string())),
        }
    }
    for stream in &streams {
        stream.set_nonblocking(true).map_err(|e| Fault::broken(&e))?;
    }
    Ok(streams)
}

/// Where connection number `n` comes from; `None` leaves it to the system.
fn source(addr: SocketAddr, n: usize) -> Option<IpAddr> {
    let several = addr.ip().is_loopback() && addr.is_ipv4();
    several.then(|| {
        let [a, b, c, d] = Ipv4Addr::LOCALHOST.octets();
        IpAddr::from([a, b, c + (n / PER_SOURCE) as u8, d])
    })
}

fn open(addr: SocketAddr, source: Option<IpAddr>) -> io::Result<TcpStream> {
    let family = match addr {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = rustix::net::socket(family, SocketType::STREAM, None)?;
    let limit = Some(PATIENCE);
    // connect keeps to the limit for sending (man 7 socket).
    sockopt::set_socket_timeout(&socket, sockopt::Timeout::Send, limit)?;
    sockopt::set_socket_timeout(&socket, sockopt::Timeout::Recv, limit)?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    if let Some(source) = source {
        // Without a port now, connect chooses one that is free towards this
        // server; bind alone would want one that is free altogether
        // (IP_BIND_ADDRESS_NO_PORT in man 7 ip).
        set_bind_address_no_port(&socket)?;
        rustix::net::bind(&socket, &SocketAddr::new(source, 0))?;
    }
    match rustix::net::connect(&socket, &addr) {
        Err(rustix::io::Errno::INPROGRESS) => Err(io::Error::new(
            ErrorKind::TimedOut,
            "connecting takes too long",
        )),
        Err(e) => Err(e.into()),
        Ok(()) => Ok(TcpStream::from(socket)),
    }
}

fn set_bind_address_no_port(
    socket: &impl std::os::fd::AsRawFd,
) -> io::Result<()> {
    let on: libc::c_int = 1;
    // SAFETY: the option takes an int, and gets the address and the size of
    // one that lives until the call returns.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::IPPROTO_IP,
            libc::IP_BIND_ADDRESS_NO_PORT,
            (&raw const on).cast(),
            size_of_val(&on) as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sends a byte, and waits until it comes back.
fn answers(mut stream: &TcpStream) -> io::Result<()> {
    stream.write_all(b"?")?;
    let mut byte = [0];
    match stream.read_exact(&mut byte) {
        Err(e) if e.kind() == ErrorKind::WouldBlock => {
            Err(io::Error::new(ErrorKind::TimedOut, "no answer"))
        }
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
            Err(io::Error::new(e.kind(), "the server ended the next one"))
        }
        result => result,
    }
}

/// Lets this process have as many descriptors as the system allows, and tells
/// how many that is.
pub fn raise_descriptors() -> u64 {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn many_connections_come_from_several_addresses() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let addr = listener.local_addr().expect("it is bound");
        for (n, expected) in [
            (0, "127.0.0.1"),
            (PER_SOURCE - 1, "127.0.0.1"),
            (PER_SOURCE, "127.0.1.1"),
            (2 * PER_SOURCE, "127.0.2.1"),
        ] {
            let stream = open(addr, source(addr, n)).expect("it listens");
            let (_, peer) = listener.accept().expect("one has come");
            assert_eq!(peer.ip().to_string(), expected);
            assert_eq!(stream.local_addr().ok(), Some(peer));
        }
        for addr in ["192.0.2.1:80", "[::1]:80"] {
            let addr = addr.parse().expect("it is an address");
            assert_eq!(source(addr, PER_SOURCE), None);
        }
    }
    #[test]
    fn who_is_sent_away_is_told_so() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let addr = listener.local_addr().expect("it is bound");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("one has come");
            // Bytes that are not read would make a reset of the end.
            stream.read_exact(&mut [0]).expect("it says one byte");
        });
        let fault = connect(addr, 1).expect_err("there is no answer");
        let words = "only 0 connections opened: the server ended the next one";
        assert_eq!(fault.to_string(), words);
        server.join().expect("it does not panic");
    }
}
