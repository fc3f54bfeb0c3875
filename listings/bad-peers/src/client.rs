//! A client that knows what it expects.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use socket2::SockRef;

/// A client, none of whose calls takes longer than its patience.
#[derive(Debug)]
pub struct Client {
    pub(crate) stream: TcpStream,
    patience: Duration,
}

impl Client {
    /// Connects to a server.
    ///
    /// # Errors
    ///
    /// Where the connection is refused, or not made within `patience`.
    pub fn connect(
        addr: SocketAddr,
        patience: Duration,
    ) -> anyhow::Result<Client> {
        let stream = TcpStream::connect_timeout(&addr, patience)
            .with_context(|| format!("cannot connect to {addr}"))?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, patience })
    }

    /// Sends all of `bytes`.
    ///
    /// # Errors
    ///
    /// Where the server is gone, or does not take them in time.
    pub fn send(&self, bytes: &[u8]) -> anyhow::Result<()> {
        (&self.stream)
            .write_all(bytes)
            .map_err(|e| self.explain(e, "does not take what is sent"))
    }

    /// Reads exactly as many bytes as are expected.
    ///
    /// # Errors
    ///
    /// Where other bytes come, or too few, or not in time.
    pub fn expect(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut got = vec![0; bytes.len()];
        (&self.stream)
            .read_exact(&mut got)
            .map_err(|e| self.explain(e, "does not answer"))?;
        ensure!(
            got == bytes,
            "the echo is {:?}, not {:?}",
            String::from_utf8_lossy(&got),
            String::from_utf8_lossy(bytes),
        );
        Ok(())
    }

    /// Sends `bytes` and expects them back.
    ///
    /// # Errors
    ///
    /// Those of [`Client::send`] and [`Client::expect`].
    pub fn echo(&self, bytes: &[u8]) -> anyhow::Result<()> {
        self.send(bytes)?;
        self.expect(bytes)
    }

    /// Waits until something has come, and leaves it where it is.
    ///
    /// # Errors
    ///
    /// Where the server ends the stream, or nothing comes in time.
    pub fn await_answer(&self) -> anyhow::Result<()> {
        let n = again(|| self.stream.peek(&mut [0]))
            .map_err(|e| self.explain(e, "does not answer"))?;
        ensure!(n > 0, "the server does not answer: it has ended the stream");
        Ok(())
    }

    /// Whether the server answers `bytes`, sent earlier, within `patience`.
    ///
    /// # Errors
    ///
    /// Where it answers wrongly, or the connection fails.
    pub fn is_answered(
        &self,
        bytes: &[u8],
        patience: Duration,
    ) -> anyhow::Result<bool> {
        self.stream.set_read_timeout(Some(patience))?;
        let peeked = again(|| self.stream.peek(&mut [0]));
        self.stream.set_read_timeout(Some(self.patience))?;
        match peeked {
            Ok(_) => self.expect(bytes).map(|()| true),
            Err(e) if is_timeout(&e) => Ok(false),
            Err(e) => Err(self.explain(e, "does not answer")),
        }
    }

    /// Ends sending; the other direction stays open.
    ///
    /// # Errors
    ///
    /// Where the connection is already gone.
    pub fn end_sending(&self) -> anyhow::Result<()> {
        self.stream
            .shutdown(Shutdown::Write)
            .context("the server has ended the connection")
    }

    /// Expects the end of the stream, and nothing before it.
    ///
    /// # Errors
    ///
    /// Where bytes come, or no end comes in time.
    pub fn expect_end(&self) -> anyhow::Result<()> {
        let n = self
            .read(&mut [0])
            .map_err(|e| self.explain(e, "does not end the stream"))?;
        ensure!(n == 0, "more bytes come than were sent");
        Ok(())
    }

    // ANCHOR: reset
    /// Ends the connection with a reset: with `SO_LINGER` at 0, a close sends
    /// RST (`man 7 socket`; RFC 9293, section 3.9.1.6, ABORT).
    ///
    /// # Errors
    ///
    /// Where the option cannot be set.
    pub fn reset(self) -> anyhow::Result<()> {
        SockRef::from(&self.stream)
            .set_linger(Some(Duration::ZERO))
            .context("cannot set SO_LINGER")
    } // `self` ends here, and with it the socket: close
    // ANCHOR_END: reset

    /// Reads what is there, or waits for it.
    pub(crate) fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        again(|| (&self.stream).read(buf))
    }

    pub(crate) fn explain(
        &self,
        error: io::Error,
        what: &str,
    ) -> anyhow::Error {
        if is_timeout(&error) {
            anyhow!("the server {what} within {:?}", self.patience)
        } else if error.kind() == ErrorKind::UnexpectedEof {
            anyhow!("the server {what}: it has ended the stream")
        } else {
            anyhow!("the server {what}: {error}")
        }
    }
}

/// Makes a call again that was broken off: by a signal, or because this process
/// was stopped and goes on (`man 7 signal`: a socket with a time limit).
fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// A read that takes too long fails with `WouldBlock` on Unix, and with
/// `TimedOut` on Windows.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
