//! A listener and a stream for tasks.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use socket2::{Domain, SockAddr, Socket, Type};

use crate::reactor::{Interest, Reactor, Source};

pub struct TcpListener(Source);

impl TcpListener {
    pub fn bind(addr: &str, reactor: &Arc<Reactor>) -> io::Result<TcpListener> {
        let addr = addr.to_socket_addrs()?.next();
        let addr = addr.ok_or(ErrorKind::AddrNotAvailable)?;
        let socket =
            Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        // On Windows the option has another meaning: it would let others
        // listen on our port.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.bind(&addr.into())?;
        socket.listen(4096)?; // the backlog: Rust's std would ask for 128
        Ok(TcpListener(Source::new(socket, reactor)?))
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        ip(self.0.socket.local_addr()?)
    }

    // ANCHOR: accept
    /// One report, one call: so a crowd of new clients leaves the others
    /// their turn.
    pub async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        loop {
            self.0.ready(Interest::Readable).await?;
            match self.0.socket.accept() {
                Ok((socket, peer)) => {
                    let source = Source::new(socket, &self.0.reactor)?;
                    return Ok((TcpStream(source), ip(peer)?));
                }
                Err(e) if not_now(&e) => {}
                Err(e) => return Err(e),
            }
        }
    }
    // ANCHOR_END: accept
}

pub struct TcpStream(Source);

impl TcpStream {
    pub async fn readable(&mut self) -> io::Result<()> {
        self.0.ready(Interest::Readable).await
    }

    /// Does not wait: says `WouldBlock` rather.
    pub fn try_read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        (&*self.0.socket).read(buf)
    }

    /// Does not wait: says `WouldBlock` rather.
    pub fn try_write(&mut self, buf: &[u8]) -> io::Result<usize> {
        (&*self.0.socket).write(buf)
    }

    pub async fn write_all(&mut self, mut buf: &[u8]) -> io::Result<()> {
        while !buf.is_empty() {
            self.0.ready(Interest::Writable).await?;
            match self.try_write(buf) {
                Ok(n) => buf = &buf[n..],
                Err(e) if not_now(&e) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// A `SockAddr` can hold addresses of every family; ours are IP's.
fn ip(addr: SockAddr) -> io::Result<SocketAddr> {
    addr.as_socket().ok_or(ErrorKind::AddrNotAvailable.into())
}

pub fn not_now(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
