//! A listener and a stream whose calls are `async`: where std's would make the
//! thread wait, these make the task wait.
use std::io::{self, ErrorKind, Read, Write};
use std::net::{self, Shutdown, SocketAddr};
use std::sync::Arc;

use crate::reactor::{Interest, Reactor, Source};

// ANCHOR: listener
pub struct TcpListener(Source<net::TcpListener>);

impl TcpListener {
    pub fn bind(addr: &str, reactor: &Arc<Reactor>) -> io::Result<TcpListener> {
        let listener = net::TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        Ok(TcpListener(Source::new(listener, reactor)?))
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.socket().local_addr()
    }

    pub async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let accept = |listener: &net::TcpListener| listener.accept();
        let (stream, peer) = self.0.call(Interest::Readable, accept).await?;
        Ok((TcpStream::new(stream, self.0.reactor())?, peer))
    }
}
// ANCHOR_END: listener

// ANCHOR: stream
pub struct TcpStream(Source<net::TcpStream>);

impl TcpStream {
    pub fn new(
        stream: net::TcpStream,
        reactor: &Arc<Reactor>,
    ) -> io::Result<TcpStream> {
        stream.set_nonblocking(true)?;
        Ok(TcpStream(Source::new(stream, reactor)?))
    }

    /// `connect` makes the thread wait, for the handshake. On the loopback
    /// that is no wait: the kernel itself answers.
    pub fn connect(
        addr: SocketAddr,
        reactor: &Arc<Reactor>,
    ) -> io::Result<TcpStream> {
        TcpStream::new(net::TcpStream::connect(addr)?, reactor)
    }

    pub async fn peek(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let peek = |stream: &net::TcpStream| stream.peek(buf);
        self.0.call(Interest::Readable, peek).await
    }

    pub async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = |mut stream: &net::TcpStream| stream.read(buf);
        self.0.call(Interest::Readable, read).await
    }

    pub async fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let write = |mut stream: &net::TcpStream| stream.write(buf);
        self.0.call(Interest::Writable, write).await
    }

    pub async fn write_all(&mut self, mut buf: &[u8]) -> io::Result<()> {
        while !buf.is_empty() {
            let n = self.write(buf).await?;
            buf = &buf[n..];
        }
        Ok(())
    }

    pub fn end_sending(&self) -> io::Result<()> {
        self.0.socket().shutdown(Shutdown::Write)
    }

    pub async fn read_exact(&mut self, buf: &mut [u8]) -> io::Result<()> {
        let mut filled = 0;
        while filled < buf.len() {
            match self.read(&mut buf[filled..]).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                n => filled += n,
            }
        }
        Ok(())
    }
}
// ANCHOR_END: stream
