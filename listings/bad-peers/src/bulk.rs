//! Clients with more to say than the buffers between the two ends hold.

use std::io::{ErrorKind, Write};
use std::net::Shutdown;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};

use crate::{Client, Pattern};

/// How many bytes a server may take from a peer that reads nothing, before it
/// must stop. What the kernels of both ends hold (some 20 MB, where buffers
/// grow to their limit) is far less.
pub const BOUNDLESS: u64 = 64 << 20;

/// A peer is stuck when it could send nothing for some time, and another client
/// was served this many times meanwhile.
const STALL_ROUNDS: u32 = 50;

/// A server that still takes some bytes now and then after so long is no case
/// for us.
const AT_MOST: Duration = Duration::from_secs(120);

impl Client {
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
            let n = self
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
    /// and returns the number of bytes: so many that for a time of `stall` no
    /// more could be sent. Meanwhile `bystander` is served again and again:
    /// that, not a clock alone, shows that the server had its turns and took
    /// no more.
    ///
    /// # Errors
    ///
    /// Where the bystander is not served, the connection fails, or the server
    /// takes more than [`BOUNDLESS`].
    pub fn fill(
        &self,
        pattern: &Pattern,
        bystander: &Client,
        stall: Duration,
    ) -> anyhow::Result<u64> {
        self.stream.set_nonblocking(true)?;
        let mut sent = 0;
        let mut rounds = 0;
        let start = Instant::now();
        let mut last = start;
        while rounds < STALL_ROUNDS || last.elapsed() < stall {
            match (&self.stream).write(pattern.from(sent)) {
                Ok(n) => {
                    sent += n as u64;
                    rounds = 0;
                    last = Instant::now();
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
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
            ensure!(
                start.elapsed() < AT_MOST,
                "after {AT_MOST:?} the server still takes bytes from a peer \
                 that reads nothing"
            );
        }
        self.stream.set_nonblocking(false)?;
        Ok(sent)
    }
}
