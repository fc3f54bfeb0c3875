//! A client that sends without end, and reads all that comes back.

use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, ensure};

use crate::{Client, Pattern, Target};

/// How much has come back before the server counts as busy with the loud one.
const WARM: u64 = 1 << 20;

/// How often each of the others speaks.
const ROUNDS: u32 = 20;

/// "Without end" ends here, however slowly others are served.
const AT_MOST: Duration = Duration::from_secs(120);

/// While one client sends without end, and reads all that comes back, others
/// are answered, whether they came before it or after. Then it has its bytes,
/// every one of them.
///
/// # Errors
///
/// Where one is not answered, or the loud one loses a byte.
pub fn loud(target: &Target) -> anyhow::Result<()> {
    let peer = target.connect()?;
    let before = target.connect()?;
    target.say("peer: I send without end, and read all that comes back");
    peer.shout_while(&Pattern::new(5), || {
        let after = target.connect()?;
        for _ in 0..ROUNDS {
            before.echo(b"before")?;
            after.echo(b"after")?;
            target.serves_another()?;
        }
        target.say("server: serves others, those here and those who come");
        target.say("peer: now I end sending");
        Ok(())
    })?;
    target.say("server: every byte came back, and the end");
    Ok(())
}

impl Client {
    /// Sends `pattern` without end, and reads it, until `act` is done, which
    /// begins when the server is well into it; then ends sending.
    ///
    /// # Errors
    ///
    /// That of `act`; and where a byte is wrong or missing, or does not come
    /// in time.
    fn shout_while(
        &self,
        pattern: &Pattern,
        act: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let enough = AtomicBool::new(false);
        let (warm, is_warm) = mpsc::channel();
        thread::scope(|scope| {
            let sending = scope.spawn(|| self.shout(pattern, &enough));
            let reading = scope.spawn(move || self.listen(pattern, &warm));
            // The channel ends, without a word, where reading fails first.
            let acted = match is_warm.recv() {
                Ok(()) => {
                    act().context("while one is loud, another is not served")
                }
                Err(_) => Ok(()),
            };
            enough.store(true, Ordering::Relaxed);
            if acted.is_err() {
                // Lets the two threads go.
                let _ = self.stream.shutdown(Shutdown::Both);
            }
            let failed = || anyhow!("a thread of the loud client failed");
            let received = reading.join().map_err(|_| failed())?;
            let sent = sending.join().map_err(|_| failed())?;
            acted?;
            let (received, sent) = (received?, sent?);
            ensure!(
                received == sent,
                "the echo ended after {received} of {sent} bytes that were sent"
            );
            Ok(())
        })
    }

    fn shout(
        &self,
        pattern: &Pattern,
        enough: &AtomicBool,
    ) -> anyhow::Result<u64> {
        let end = Instant::now() + AT_MOST;
        let mut sent = 0;
        while !enough.load(Ordering::Relaxed) && Instant::now() < end {
            let bytes = pattern.from(sent);
            self.send(bytes)?;
            sent += bytes.len() as u64;
        }
        self.end_sending()?;
        Ok(sent)
    }

    fn listen(
        &self,
        pattern: &Pattern,
        warm: &Sender<()>,
    ) -> anyhow::Result<u64> {
        let mut buf = vec![0; 256 * 1024];
        let mut received = 0;
        loop {
            let n = self
                .read(&mut buf)
                .map_err(|e| self.explain(e, "does not answer the loud one"))?;
            if n == 0 {
                return Ok(received);
            }
            pattern.check(received, &buf[..n])?;
            if received < WARM && received + n as u64 >= WARM {
                let _ = warm.send(());
            }
            received += n as u64;
        }
    }
}
