//! Who is there, and what they are told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

/// How many lines may wait for one client. If there is one more, the client
/// does not keep up, and is put out. It is more than there are clients: if all
/// of them say something at one moment, it fits.
pub const QUEUE: usize = 1024;

/// How many names stand in one line; it would become too long.
const LISTED: usize = 20;

/// A line with its end. All who are told share it.
pub type Line = Arc<str>;

// ANCHOR: types
/// The server's end of a client's queue.
#[derive(Clone)]
pub struct Member {
    queue: Sender<Line>,
    /// Tells its session that it was put out.
    pub put_out: Arc<Notify>,
}

#[derive(Default)]
pub struct Room {
    members: Mutex<Members>,
}

#[derive(Default)]
struct Members {
    /// By their names in small letters: `Bob` and `bob` would be mixed up.
    by_name: BTreeMap<String, (String, Member)>,
    /// When the last line was told, a queue was more than half full.
    lagging: bool,
    /// Nobody comes in any more.
    closed: bool,
}
// ANCHOR_END: types

// ANCHOR: seat
/// A name in the room. Dropping it gives the name back: so it is given back
/// however the session ends, and also if its future is dropped.
pub struct Seat {
    room: Arc<Room>,
    name: String,
    member: Member,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.leave(&self.name, &self.member);
    }
}
// ANCHOR_END: seat

impl Seat {
    /// Says something; everybody gets it, the speaker too.
    pub fn say(&self, text: &str) {
        self.room.lock().tell_all(format!("<{}> {text}", self.name));
    }
}

impl Member {
    pub fn new() -> (Member, Receiver<Line>) {
        let (queue, lines) = channel(QUEUE);
        (Member { queue, put_out: Arc::new(Notify::new()) }, lines)
    }

    /// Tells this client alone.
    pub fn tell(&self, text: &str) {
        // If there is no room, it has more than enough to read.
        let _ = self.queue.try_send(line(text));
    }
}

impl Room {
    /// Somebody comes in, if nobody is called so.
    pub fn join(
        self: &Arc<Room>,
        name: &str,
        member: &Member,
    ) -> Result<Seat, &'static str> {
        let mut members = self.lock();
        if members.closed {
            return Err("the server is going down");
        }
        let key = name.to_lowercase();
        if members.by_name.contains_key(&key) {
            return Err("that name is taken");
        }
        let others: Vec<&str> =
            members.by_name.values().map(|(name, _)| name.as_str()).collect();
        let others = list(&others);
        member.tell(&format!("* welcome, {name}; here: {others}"));
        members.tell_all(format!("* {name} came"));
        let (name, member) = (name.to_owned(), member.clone());
        members.by_name.insert(key, (name.clone(), member.clone()));
        Ok(Seat { room: Arc::clone(self), name, member })
    }

    /// Somebody goes. Who was put out is gone already.
    fn leave(&self, name: &str, member: &Member) {
        let mut members = self.lock();
        let key = name.to_lowercase();
        let same = |(_, it): &(String, Member)| {
            Arc::ptr_eq(&it.put_out, &member.put_out)
        };
        if members.by_name.get(&key).is_some_and(same) {
            members.by_name.remove(&key);
            members.tell_all(format!("* {name} left"));
        }
    }

    // ANCHOR: close
    /// Tells everybody, and forgets them: so each queue ends behind what was
    /// said.
    pub fn close(&self) {
        let mut members = self.lock();
        members.tell_all("* the server is going down".to_owned());
        members.closed = true;
        members.by_name.clear();
    }
    // ANCHOR_END: close

    /// Whether somebody does not keep up.
    pub fn lags(&self) -> bool {
        self.lock().lagging
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().expect("nobody panics while holding it")
    }
}

impl Members {
    // ANCHOR: tell_all
    /// Puts a line into all queues, at once and without waiting. Since the
    /// room is locked meanwhile, all queues have the same order.
    fn tell_all(&mut self, text: String) {
        let mut news = Some(text);
        while let Some(text) = news.take() {
            let line = line(&text);
            let (mut slow, mut lagging) = (Vec::new(), false);
            self.by_name.retain(|_, (name, member)| {
                match member.queue.try_send(Arc::clone(&line)) {
                    Ok(()) => lagging |= member.queue.capacity() < QUEUE / 2,
                    // It is ending, and leaves by itself.
                    Err(TrySendError::Closed(_)) => {}
                    Err(TrySendError::Full(_)) => {
                        member.put_out.notify_one();
                        slow.push(std::mem::take(name));
                        return false;
                    }
                }
                true
            });
            self.lagging = lagging;
            if !slow.is_empty() {
                news = Some(format!("* too slow: {}", list(&slow)));
            }
        }
    }
    // ANCHOR_END: tell_all
}

fn list(names: &[impl AsRef<str>]) -> String {
    let named: Vec<&str> = names.iter().map(|name| name.as_ref()).collect();
    match named.len() {
        0 => "nobody".to_owned(),
        1..=LISTED => named.join(", "),
        many => format!("{many} others"),
    }
}

fn line(text: &str) -> Line {
    format!("{text}\r\n").into()
}
