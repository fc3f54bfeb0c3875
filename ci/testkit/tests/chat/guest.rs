//! A client of the chat that knows what it expects.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use anyhow::{Context, bail, ensure};
use testkit::deadline::PATIENCE;

/// Each of its reads and writes is over within [`PATIENCE`].
pub struct Guest {
    pub stream: TcpStream,
    read: Vec<u8>,
}

impl Guest {
    /// Connects; says no name yet.
    pub fn connect(addr: SocketAddr) -> anyhow::Result<Guest> {
        Guest::new(TcpStream::connect(addr)?)
    }

    pub fn new(stream: TcpStream) -> anyhow::Result<Guest> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let mut guest = Guest { stream, read: Vec::new() };
        guest.expect("* who are you?")?;
        Ok(guest)
    }

    /// Connects, and is called so.
    pub fn join(addr: SocketAddr, name: &str) -> anyhow::Result<Guest> {
        let mut guest = Guest::connect(addr)?;
        guest.say(name)?;
        let line = guest.line()?.context("the server has ended")?;
        let welcome = format!("* welcome, {name}; here: ");
        ensure!(line.starts_with(&welcome), "{name} is told {line:?}");
        Ok(guest)
    }

    pub fn say(&mut self, text: &str) -> anyhow::Result<()> {
        self.send(format!("{text}\r\n").as_bytes())
    }

    pub fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.write_all(bytes)?)
    }

    pub fn end_sending(&mut self) -> anyhow::Result<()> {
        Ok(self.stream.shutdown(Shutdown::Write)?)
    }

    /// The next line; `None` at the end of the stream.
    pub fn line(&mut self) -> anyhow::Result<Option<String>> {
        loop {
            if let Some(end) = self.read.iter().position(|b| *b == b'\n') {
                let rest = self.read.split_off(end + 1);
                let line = std::mem::replace(&mut self.read, rest);
                let line = line.strip_suffix(b"\r\n").context("no CRLF")?;
                return Ok(Some(str::from_utf8(line)?.to_owned()));
            }
            let mut buf = [0; 16 * 1024];
            match self.stream.read(&mut buf) {
                Ok(0) if self.read.is_empty() => return Ok(None),
                Ok(0) => bail!("the stream ends inside a line"),
                Ok(n) => self.read.extend_from_slice(&buf[..n]),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e).context("no line comes"),
            }
        }
    }

    pub fn expect(&mut self, line: &str) -> anyhow::Result<()> {
        let came = self.line()?;
        ensure!(came.as_deref() == Some(line), "{came:?} is not {line:?}");
        Ok(())
    }

    pub fn expect_end(&mut self) -> anyhow::Result<()> {
        let came = self.line()?;
        ensure!(came.is_none(), "{came:?} comes in place of the end");
        Ok(())
    }
}
