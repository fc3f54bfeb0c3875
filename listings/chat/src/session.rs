//! One client, from its coming to its end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::Receiver;
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::lines::{Lines, Said};
use crate::room::{Line, Member, Room, Seat};
use crate::text::{is_name, is_plain};

/// How often a client may try to find a name.
const TRIES: usize = 3;

/// How long a client is not read from after it has said something, while
/// somebody does not keep up.
const PAUSE: Duration = Duration::from_millis(10);

/// How many lines are sent by one call, at most. They are copied for that.
const BATCH: usize = 32;

/// How a session has ended, if not by an error.
pub enum End {
    /// The client has been sent everything, and has closed.
    Left,
    /// It did not keep up.
    PutOut,
}

pub struct Session {
    pub room: Arc<Room>,
    /// Becomes `true` when the server goes down.
    pub down: watch::Receiver<bool>,
    /// How long a client may be silent, and a write may take.
    pub idle: Duration,
}

impl Session {
    // ANCHOR: run
    /// Serves a client, and says how it ended.
    pub async fn run(mut self, stream: TcpStream) -> io::Result<End> {
        let (reader, writer) = stream.into_split();
        let mut lines = Lines::new(reader);
        let (member, queue) = Member::new();
        let put_out = Arc::clone(&member.put_out);
        let idle = self.idle;
        let both = async {
            // `read` drops its end of the queue when it is done. Then `write`
            // empties the queue, and is done too.
            tokio::try_join!(
                self.read(&mut lines, member),
                write(writer, queue, idle)
            )?;
            // Whoever closes with bytes unread sends a reset, and a reset can
            // overtake what was said: so wait until the client closes.
            timeout(idle, lines.drain()).await??;
            Ok(End::Left)
        };
        tokio::select! {
            result = both => result,
            () = put_out.notified() => Ok(End::PutOut),
        }
    }
    // ANCHOR_END: run

    /// Reads what the client says until it ends, or has to.
    async fn read(
        &mut self,
        lines: &mut Lines<OwnedReadHalf>,
        member: Member,
    ) -> io::Result<()> {
        let seat = match self.introduce(lines, &member).await? {
            Ok(seat) => seat,
            Err(why) => {
                member.tell(&format!("! {why}"));
                return Ok(());
            }
        };
        if let Some(why) = self.listen(lines, &seat, &member).await? {
            member.tell(&format!("! {why}"));
        }
        Ok(())
    }

    /// The first line is the client's name. An error says why it has none.
    async fn introduce(
        &mut self,
        lines: &mut Lines<OwnedReadHalf>,
        member: &Member,
    ) -> io::Result<Result<Seat, &'static str>> {
        member.tell("* who are you?");
        for _ in 0..TRIES {
            let name = match self.next(lines).await? {
                Ok(name) => name,
                Err(Some(why)) => return Ok(Err(why)),
                Err(None) if *self.down.borrow() => {
                    return Ok(Err("the server is going down"));
                }
                Err(None) => return Ok(Err("no name")),
            };
            let joined = if is_name(&name) {
                self.room.join(&name, member)
            } else {
                Err("a name has up to 16 letters, digits, - and _")
            };
            match joined {
                Ok(seat) => return Ok(Ok(seat)),
                Err(why) => member.tell(&format!("! {why}")),
            }
        }
        Ok(Err("too many tries"))
    }

    // ANCHOR: listen
    /// Passes on what the client says. Returns why it must go, if it must.
    async fn listen(
        &mut self,
        lines: &mut Lines<OwnedReadHalf>,
        seat: &Seat,
        member: &Member,
    ) -> io::Result<Option<&'static str>> {
        loop {
            self.give_way().await;
            match self.next(lines).await? {
                Ok(text) if text.is_empty() => {} // a sign of life
                Ok(text) if is_plain(&text) => seat.say(&text),
                Ok(_) => member.tell("! no control characters"),
                Err(why) => return Ok(why),
            }
        }
    }
    // ANCHOR_END: listen

    // ANCHOR: give_way
    /// Nobody says a second line before each queue has had its turn to send.
    /// If that is not enough for somebody, it takes a little longer.
    async fn give_way(&self) {
        if self.room.lags() {
            sleep(PAUSE).await;
        } else {
            yield_now().await;
        }
    }
    // ANCHOR_END: give_way

    // ANCHOR: next
    /// The next line, or else why there is none.
    async fn next(
        &mut self,
        lines: &mut Lines<OwnedReadHalf>,
    ) -> io::Result<Result<String, Option<&'static str>>> {
        let said = tokio::select! {
            biased;
            // The room has told everybody.
            _ = self.down.wait_for(|down| *down) => return Ok(Err(None)),
            said = timeout(self.idle, lines.next()) => said,
        };
        Ok(match said {
            Ok(Ok(Said::Line(line))) => Ok(line),
            Ok(Ok(Said::Bad(why))) => Err(Some(why)),
            Ok(Ok(Said::End)) => Err(None),
            Ok(Err(e)) => return Err(e),
            Err(_) => Err(Some("nothing from you for too long")),
        })
    }
    // ANCHOR_END: next
}

// ANCHOR: write
/// Sends what is in the queue until the queue has ended, and then the end.
async fn write(
    mut writer: OwnedWriteHalf,
    mut queue: Receiver<Line>,
    idle: Duration,
) -> io::Result<()> {
    let mut lines = Vec::new();
    while queue.recv_many(&mut lines, BATCH).await > 0 {
        let batch = lines.concat();
        lines.clear();
        timeout(idle, writer.write_all(batch.as_bytes())).await??;
    }
    writer.shutdown().await
}
// ANCHOR_END: write
