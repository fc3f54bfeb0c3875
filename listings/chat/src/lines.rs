//! Lines from a stream, none longer than allowed.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::text::LONGEST_LINE;

// ANCHOR: lines
/// What has come so far stays in here, not in the future that waits: whoever
/// drops that future loses nothing.
pub struct Lines<R> {
    reader: R,
    buf: Vec<u8>,
}

/// What a client has sent.
pub enum Said {
    Line(String),
    /// It cannot be used, for this reason. No more is read.
    Bad(&'static str),
    /// The client has ended its direction.
    End,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub fn new(reader: R) -> Lines<R> {
        Lines { reader, buf: Vec::new() }
    }

    pub async fn next(&mut self) -> io::Result<Said> {
        loop {
            if let Some(end) = self.buf.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.buf.drain(..=end).collect();
                let line = line.strip_suffix(b"\n").unwrap_or(&line);
                return Ok(check(line.strip_suffix(b"\r").unwrap_or(line)));
            }
            // `\r` may stand behind the longest line, and no `\n` yet.
            if self.buf.len() > LONGEST_LINE + 1 {
                return Ok(Said::Bad(TOO_LONG));
            }
            self.buf.reserve(LONGEST_LINE);
            if self.reader.read_buf(&mut self.buf).await? == 0 {
                return Ok(Said::End); // what was no whole line is dropped
            }
        }
    }
    // ANCHOR_END: lines

    /// Throws away what comes, until the client ends too.
    pub async fn drain(&mut self) -> io::Result<()> {
        self.buf = Vec::with_capacity(4096);
        while self.reader.read_buf(&mut self.buf).await? > 0 {
            self.buf.clear();
        }
        Ok(())
    }
}

const TOO_LONG: &str = "the line is too long";

fn check(line: &[u8]) -> Said {
    if line.len() > LONGEST_LINE {
        return Said::Bad(TOO_LONG);
    }
    match str::from_utf8(line) {
        Ok(text) => Said::Line(text.to_owned()),
        Err(_) => Said::Bad("the line is not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &[u8]) -> String {
        let mut lines = Lines::new(bytes);
        let mut all = String::new();
        loop {
            match lines.next().await.expect("memory does not fail") {
                Said::Line(line) => all += &format!("{line}|"),
                Said::Bad(why) => return all + why,
                Said::End => return all + "end",
            }
        }
    }

    #[tokio::test]
    async fn lines_and_ends() {
        assert_eq!(all(b"a\r\n\nb c\nd").await, "a||b c|end");
        assert_eq!(all(b"\xff\n").await, "the line is not UTF-8");
        let longest = "x".repeat(LONGEST_LINE);
        let fits = format!("{longest}\r\n");
        assert_eq!(all(fits.as_bytes()).await, format!("{longest}|end"));
        let long = format!("{longest}x\n");
        assert_eq!(all(long.as_bytes()).await, "the line is too long");
        let endless = "x".repeat(100_000);
        assert_eq!(all(endless.as_bytes()).await, "the line is too long");
    }
}
