//! Many clients: at once, and one after another.

use anyhow::Context;

use super::Subject;
use crate::deadline::eventually;
use crate::listing::Platform;
use crate::pattern::Pattern;
use crate::procfs::open_descriptors;

/// 50 clients connect and say nothing; another one is served, and so are they
/// when they speak at last.
pub fn silent(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let silent = subject.connect_all(server, 50)?;
        subject.serves_another(server).context("while 50 are silent")?;
        for client in silent.iter().rev() {
            client.echo(b"at last").context("after a long silence")?;
        }
        Ok(())
    })
}

/// 100 clients talk at once, each with bytes of its own, in rounds: nobody is
/// answered by what another said, and nobody waits until another has left.
pub fn hundred(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let clients = subject.connect_all(server, 100)?;
        let messages: Vec<_> = (0..100)
            .map(|number| Pattern::new(100 + number).first(8 * 1024))
            .collect();
        for _ in 0..4 {
            for (client, message) in clients.iter().zip(&messages) {
                client.send(message)?;
            }
            for (client, message) in clients.iter().zip(&messages) {
                client.expect(message).context("with 100 clients at once")?;
            }
        }
        Ok(())
    })
}

/// 300 clients come, are served, and leave, one after another. On Linux the
/// server then has no more descriptors open than after the first.
pub fn many(subject: &Subject) -> anyhow::Result<()> {
    subject.serve(|server| {
        let mut after_first = None;
        for number in 0..300 {
            let client = subject.connect(server)?;
            client
                .echo(b"I will not stay")
                .and_then(|()| client.end_sending())
                .and_then(|()| client.expect_end())
                .with_context(|| format!("client {number} of many"))?;
            if Platform::current() == Platform::Linux && number == 0 {
                after_first = Some(open_descriptors(server.pid())?);
            }
        }
        let Some(first) = after_first else {
            return Ok(());
        };
        let pid = server.pid();
        eventually(subject.wait(), "the server to close its sockets", || {
            Ok(open_descriptors(pid)? <= first)
        })
        .with_context(|| {
            let now = open_descriptors(pid).unwrap_or_default();
            format!("{first} descriptors after one client, {now} after 300")
        })
    })
}
