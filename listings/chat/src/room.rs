//! Who is there, and what they are told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

/// How many lines may wait for one client. If there is one more, the client
/// does not keep up, and is put out.
pub const QUEUE: usize = 256;

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
    /// Nobody comes in any more.
    closed: bool,
}
// ANCHOR_END: types

impl Member {
    pub fn new() -> (Member, Receiver<Line>) {
        let (queue, lines) = channel(QUEUE);
        (Member { queue, put_out: Arc::new(Notify::new()) }, lines)
    }

    /// Tells this client alone.
    pub fn tell(&self, text: &str) {
        // If there is no room, the client is about to be put out.
        let _ = self.queue.try_send(line(text));
    }
}

impl Room {
    /// Somebody comes in, if nobody is called so.
    pub fn join(
        &self,
        name: &str,
        member: &Member,
    ) -> Result<(), &'static str> {
        let mut members = self.lock();
        if members.closed {
            return Err("the server is going down");
        }
        let key = name.to_lowercase();
        if members.by_name.contains_key(&key) {
            return Err("that name is taken");
        }
        let names = members.by_name.values().map(|(name, _)| name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        let others = if names.is_empty() { "nobody" } else { &names };
        // A list of a thousand names would be longer than a line may be.
        let others = match members.by_name.len() {
            0..=20 => others.to_owned(),
            many => format!("{many} others"),
        };
        member.tell(&format!("* welcome, {name}; here: {others}"));
        members.tell_all(format!("* {name} came"));
        members.by_name.insert(key, (name.to_owned(), member.clone()));
        Ok(())
    }

    /// Somebody says something; everybody gets it, the speaker too.
    pub fn say(&self, name: &str, text: &str) {
        self.lock().tell_all(format!("<{name}> {text}"));
    }

    /// Somebody goes. Who was put out is gone already.
    pub fn leave(&self, name: &str, member: &Member) {
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

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().expect("nobody panics while holding it")
    }
}

impl Members {
    // ANCHOR: tell_all
    /// Puts a line into all queues, at once and without waiting. Since the
    /// room is locked meanwhile, all queues have the same order.
    fn tell_all(&mut self, text: String) {
        let mut news = VecDeque::from([text]);
        while let Some(text) = news.pop_front() {
            let line = line(&text);
            self.by_name.retain(|_, (name, member)| {
                match member.queue.try_send(Arc::clone(&line)) {
                    // Closed: it ends, and leaves by itself.
                    Ok(()) | Err(TrySendError::Closed(_)) => true,
                    Err(TrySendError::Full(_)) => {
                        member.put_out.notify_one();
                        news.push_back(format!("* {name} reads too slowly"));
                        false
                    }
                }
            });
        }
    }
    // ANCHOR_END: tell_all
}

fn line(text: &str) -> Line {
    format!("{text}\r\n").into()
}
