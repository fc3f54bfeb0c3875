//! A client that has said all it has to say, and still listens.

use anyhow::Context;

use super::Subject;
use crate::pattern::Pattern;

/// The client sends, ends sending, and only then reads: every byte comes
/// back, then the end of the stream. Once with a few bytes, whose end arrives
/// together with them, and once with all that the server takes, so that the
/// end arrives while the server has megabytes unsent.
pub fn half_close(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        for message in ["goodbye", "a", "and thanks for all the bytes"] {
            let client = subject.connect(server)?;
            client.send(message.as_bytes())?;
            client.end_sending()?;
            client
                .expect(message.as_bytes())
                .and_then(|()| client.expect_end())
                .context("after the client has ended sending")?;
        }

        let bystander = subject.connect(server)?;
        let pattern = Pattern::new(3);
        let client = subject.connect(server)?;
        let sent = client.fill(&pattern, &bystander)?;
        client.end_sending()?;
        client
            .expect_pattern(&pattern, sent)
            .and_then(|()| client.expect_end())
            .context("after the client has ended sending, with much unsent")
    })
}
