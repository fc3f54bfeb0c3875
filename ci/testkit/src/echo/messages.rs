//! A client or two, and bytes that come back.

use anyhow::Context;

use super::Subject;
use crate::pattern::Pattern;

/// A message comes back, and so does the next.
pub fn echo(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let client = subject.connect(server)?;
        client.echo(b"hello")?;
        client.echo("再见\r\n\0".as_bytes())?;
        client.end_sending()?;
        client.expect_end()
    })
}

/// 16 MiB come back while they are sent: far more than the kernel buffers
/// hold, so the server meets short reads and short writes.
pub fn large(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        subject.connect(server)?.exchange(&Pattern::new(1), 16 << 20)
    })
}

/// A message in as many segments as it has bytes.
pub fn byte_by_byte(subject: &Subject) -> anyhow::Result<()> {
    let message = Pattern::new(2).first(500);
    subject.serve(|server| {
        let client = subject.connect(server)?;
        for byte in message.chunks(1) {
            client.send(byte)?;
        }
        client.expect(&message)?;
        for byte in message.chunks(1) {
            client.echo(byte)?;
        }
        Ok(())
    })
}

/// While A keeps silent in the middle of its message, B is answered, whether
/// it came before A or after.
pub fn order(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let before = subject.connect(server)?;
        before.echo(b"first")?;
        let silent = subject.connect(server)?;
        silent.send(b"hel")?;
        let after = subject.connect(server)?;
        let held = "while a client is silent in the middle of its message";
        for _ in 0..3 {
            before
                .echo(b"before")
                .and_then(|()| after.echo(b"after"))
                .with_context(|| format!("{held}, another is not served"))?;
        }
        silent.send(b"lo")?;
        silent.expect(b"hello")
    })
}
