//! A listener and a stream whose calls are `async`: where std's would make the
//! thread wait, these make the task wait.
use std::io::{self, ErrorKind, Read, Write};
use std::mem::MaybeUninit;
use std::net::{self, Shutdown, SocketAddr};
use std::sync::Arc;

use crate::reactor::{Interest, Reactor, Source};

pub struct TcpListener(Source);

impl TcpListener {
    pub fn bind(addr: &str, reactor: &Arc<Reactor>) -> io::Result<TcpListener> {
        let listener = net::TcpListener::bind(addr)?;
        Ok(TcpListener(Source::new(listener.into(), reactor)?))
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        let addr = self.0.socket.local_addr()?;
        addr.as_socket().ok_or(ErrorKind::AddrNotAvailable.into())
    }

    pub async fn accept(&mut self) -> io::Result<TcpStream> {
        let accept = self.0.call(Interest::Readable, |it| it.accept());
        let (socket, _) = accept.await?;
        Ok(TcpStream(Source::new(socket, &self.0.reactor)?))
    }
}

pub struct TcpStream(Source);

impl TcpStream {
    /// This `connect` makes the thread wait for the handshake. On the loopback
    /// that is no wait: the same kernel answers.
    pub fn connect(
        addr: SocketAddr,
        reactor: &Arc<Reactor>,
    ) -> io::Result<TcpStream> {
        let stream = net::TcpStream::connect(addr)?;
        Ok(TcpStream(Source::new(stream.into(), reactor)?))
    }

    // ANCHOR: read
    pub async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.call(Interest::Readable, |mut it| it.read(buf)).await
    }

    pub async fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.call(Interest::Writable, |mut it| it.write(buf)).await
    }

    pub async fn write_all(&mut self, mut buf: &[u8]) -> io::Result<()> {
        while !buf.is_empty() {
            let n = self.write(buf).await?;
            buf = &buf[n..];
        }
        Ok(())
    }
    // ANCHOR_END: read

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

    /// Waits for the first byte, and leaves it in the kernel's buffer.
    pub async fn peek(&mut self) -> io::Result<()> {
        let mut buf = [MaybeUninit::uninit()];
        self.0.call(Interest::Readable, |it| it.peek(&mut buf)).await?;
        Ok(())
    }

    pub fn end_sending(&self) -> io::Result<()> {
        self.0.socket.shutdown(Shutdown::Write)
    }
}
