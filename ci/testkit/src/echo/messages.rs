//! A client or two, and bytes that come back.

use bad_peers as peers;

use super::Subject;

/// A message comes back, and so does the next.
pub fn echo(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let client = subject.target(server).connect()?;
        client.echo(b"hello")?;
        client.echo("再见\r\n\0".as_bytes())?;
        client.end_sending()?;
        client.expect_end()
    })
}

/// 16 MiB come back while they are sent.
pub fn large(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::large(&subject.target(server)))
}

/// A message in as many segments as it has bytes.
pub fn byte_by_byte(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::byte_by_byte(&subject.target(server)))
}

/// While A keeps silent in the middle of its message, B is answered.
pub fn order(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| peers::silent_inside(&subject.target(server)))
}
