//! The peers that a server meets: polite, slow, silent, and hostile ones.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};
use socket2::SockRef;

use crate::pattern::Pattern;

/// How many bytes a server may take from a peer that reads nothing, before it
/// must stop. What the kernels of both ends hold (some 20 MB, where buffers
/// grow to their limit) is far less.
pub const BOUNDLESS: u64 = 64 << 20;

/// A peer is stuck when it could send nothing for so long, ...
const STALL: Duration = Duration::from_millis(300);

/// ... while another client was served this many times.
const STALL_ROUNDS: u32 = 50;

/// A client, none of whose calls takes longer than its patience.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
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
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_read_timeout(Some(self.patience))?;
        match peeked {
            Ok(_) => self.expect(bytes).map(|()| true),
            Err(e) if is_timeout(&e) => Ok(false),
            Err(e) => Err(self.explain(e, "does not answer")),
        }
    }

    /// Sends the first `len` bytes of `pattern` and then ends sending, while
    /// it reads: every byte must come back, and then the end of the stream.
    ///
    /// # Errors
    ///
    /// Where a byte is wrong or missing, or something does not come in time.
    pub fn exchange(&self, pattern: &Pattern, len: u64) -> anyhow::Result<()> {
        thread::scope(|scope| {
            let sending = scope.spawn(|| {
                let sent = self.send_pattern(pattern, len);
                self.end_sending().and(sent)
            });
            let received = self
                .expect_pattern(pattern, len)
                .and_then(|()| self.expect_end());
            if received.is_err() {
                // Lets the sending thread go; the error is reported below.
                let _ = self.stream.shutdown(Shutdown::Both);
            }
            let sent = sending.join().map_err(|_| anyhow!("sending failed"))?;
            received.and(sent)
        })
    }

    fn send_pattern(&self, pattern: &Pattern, len: u64) -> anyhow::Result<()> {
        let mut sent = 0;
        while sent < len {
            let left = usize::try_from(len - sent).unwrap_or(usize::MAX);
            let bytes = pattern.from(sent);
            let bytes = &bytes[..bytes.len().min(left)];
            self.send(bytes)?;
            sent += bytes.len() as u64;
        }
        Ok(())
    }

    /// Reads the first `len` bytes of `pattern`.
    ///
    /// # Errors
    ///
    /// Where a byte is wrong or missing, or does not come in time.
    pub fn expect_pattern(
        &self,
        pattern: &Pattern,
        len: u64,
    ) -> anyhow::Result<()> {
        let mut buf = vec![0; 256 * 1024];
        let mut received = 0;
        while received < len {
            let left = usize::try_from(len - received).unwrap_or(usize::MAX);
            let most = buf.len().min(left);
            let n = (&self.stream)
                .read(&mut buf[..most])
                .map_err(|e| self.explain(e, "does not answer"))
                .with_context(|| format!("after {received} of {len} bytes"))?;
            ensure!(
                n > 0,
                "the echo ended after {received} of {len} bytes that were sent"
            );
            pattern.check(received, &buf[..n])?;
            received += n as u64;
        }
        Ok(())
    }

    /// Sends as much of `pattern` as the server takes while nothing is read,
    /// and returns the number of bytes. Meanwhile `bystander` is served again
    /// and again: that, not a clock alone, shows that the server had its turns
    /// and took no more.
    ///
    /// # Errors
    ///
    /// Where the bystander is not served, the connection fails, or the server
    /// takes more than [`BOUNDLESS`].
    pub fn fill(
        &self,
        pattern: &Pattern,
        bystander: &Client,
    ) -> anyhow::Result<u64> {
        self.stream.set_nonblocking(true)?;
        let mut sent = 0;
        let mut rounds = 0;
        let mut last = Instant::now();
        while rounds < STALL_ROUNDS || last.elapsed() < STALL {
            match (&self.stream).write(pattern.from(sent)) {
                Ok(n) => {
                    sent += n as u64;
                    rounds = 0;
                    last = Instant::now();
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    bystander.echo(b"still there?").context(
                        "while a peer reads nothing, another is not served",
                    )?;
                    rounds += 1;
                }
                Err(e) => return Err(self.explain(e, "does not go on")),
            }
            ensure!(
                sent < BOUNDLESS,
                "the server took {sent} bytes from a peer that reads nothing: \
                 it keeps them without bound, or drops them"
            );
        }
        self.stream.set_nonblocking(false)?;
        Ok(sent)
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
        let n = (&self.stream)
            .read(&mut [0])
            .map_err(|e| self.explain(e, "does not end the stream"))?;
        ensure!(n == 0, "more bytes come than were sent");
        Ok(())
    }

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
    }

    fn explain(&self, error: io::Error, what: &str) -> anyhow::Error {
        if is_timeout(&error) {
            anyhow!("the server {what} within {:?}", self.patience)
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            anyhow!("the server {what}: it has ended the stream")
        } else {
            anyhow!("the server {what}: {error}")
        }
    }
}

/// A read that takes too long fails with `WouldBlock` on Unix, and with
/// `TimedOut` on Windows.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
