//! What is kept of a run: who did what when, without a number that another
//! machine would choose differently.

use std::fmt;

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// One run of the scene. Times are in microseconds since its start.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Timeline {
    /// The server.
    pub listing: String,
    /// When the scene was over.
    pub end: u64,
    /// What the clients did, in order.
    pub acts: Vec<Act>,
    /// The server's threads, in the order in which they have to do with the
    /// clients.
    pub lanes: Vec<Lane>,
}

/// Who acts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Client {
    /// Comes first, and is silent for long.
    A,
    /// Comes second, and speaks at once.
    B,
}

/// What a client does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It connects.
    Comes,
    /// It sends a message.
    Speaks,
    /// It says that it will send no more, and hears the same.
    Leaves,
}

/// One thing that a client does.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Act {
    /// Who.
    pub client: Client,
    /// What.
    pub does: What,
    /// When.
    pub at: u64,
    /// When the whole answer had come, if it is a message.
    pub answered: Option<u64>,
}

/// One thread of the server, or several that do nothing.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Lane {
    /// What it is called.
    pub name: String,
    /// When it began, if that was during the scene.
    pub born: Option<u64>,
    /// When it ended, if that was during the scene.
    pub ended: Option<u64>,
    /// How many calls said "not now", and were followed by the next at once.
    pub asked: u64,
    /// Its other calls that came back, in order.
    pub calls: Vec<Call>,
    /// The call that it sleeps in when the scene is over, and since when.
    pub sleeps: Option<Sleep>,
}

/// A system call.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Call {
    /// The act after which it came back, by its place.
    pub act: usize,
    /// Its name.
    pub call: String,
    /// What it acts on.
    pub on: String,
    /// How many bytes or events, whom it let in, or what the error is called.
    pub result: String,
    /// Whether the thread slept in it when the act came.
    pub woken: bool,
    /// When the thread went into the kernel.
    pub entered: u64,
    /// When it came back.
    pub left: u64,
}

/// A system call that has not come back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Sleep {
    /// Its name.
    pub call: String,
    /// What it acts on.
    pub on: String,
    /// When the thread went into the kernel.
    pub entered: u64,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            What::Comes => "comes",
            What::Speaks => "speaks",
            What::Leaves => "leaves",
        })
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { call, on, result, woken, .. } = self;
        let woken = if *woken { "woken: " } else { "" };
        write!(f, "{woken}{call}({on})")?;
        if result.is_empty() { Ok(()) } else { write!(f, " = {result}") }
    }
}

impl Timeline {
    /// As it stands in its file: a line for each act and each call.
    ///
    /// # Errors
    ///
    /// None that is known: its parts can all be written.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let lines = |rows: Vec<String>| match rows.as_slice() {
            [] => "[]".to_owned(),
            rows => format!("[\n{}\n]", rows.join(",\n")),
        };
        let acts = self.acts.iter().map(serde_json::to_string);
        let lanes = self.lanes.iter().map(|lane| {
            let calls = lane.calls.iter().map(serde_json::to_string);
            let empty = Lane { calls: Vec::new(), ..lane.clone() };
            let calls = lines(calls.collect::<Result<_, _>>()?);
            let text = serde_json::to_string(&empty)?;
            let found = text.split_once("\"calls\":[]");
            let (head, tail) = found.context("it has calls")?;
            Ok(format!("{head}\"calls\":{calls}{tail}"))
        });
        Ok(format!(
            "{{\"listing\":{},\"end\":{},\n\"acts\":{},\n\"lanes\":{}}}\n",
            serde_json::to_string(&self.listing)?,
            self.end,
            lines(acts.collect::<Result<_, _>>()?),
            lines(lanes.collect::<anyhow::Result<_>>()?),
        ))
    }

    /// All that must be the same in each run: the acts, and after each the
    /// calls of each thread, in order. Of two threads that work at the same
    /// time nobody knows who is first.
    pub fn order(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (nth, act) in self.acts.iter().enumerate() {
            lines.push(format!("-- {} {}", act.client, act.does));
            for lane in &self.lanes {
                let calls = lane.calls.iter().filter(|call| call.act == nth);
                lines
                    .extend(calls.map(|call| format!("{}: {call}", lane.name)));
            }
        }
        lines.push("-- all have left".to_owned());
        for lane in &self.lanes {
            lines.push(match &lane.sleeps {
                Some(Sleep { call, on, .. }) => {
                    format!("{}: sleeps in {call}({on})", lane.name)
                }
                None if lane.asked > 0 => format!("{}: asks", lane.name),
                None => format!("{}: has ended", lane.name),
            });
        }
        lines
    }

    /// How often a thread that slept was woken.
    pub fn times_woken(&self) -> usize {
        self.calls().filter(|call| call.woken).count()
    }

    /// How many calls there were, but for those that said "not now" and were
    /// followed by the next at once.
    pub fn calls_in_all(&self) -> usize {
        self.calls().count()
    }

    /// The same for those.
    pub fn asked(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.asked).sum()
    }

    /// The calls that it took to get B's last message and send it back.
    pub fn last_of_b(&self) -> impl Iterator<Item = &Call> {
        let is_message =
            |act: &Act| act.client == Client::B && act.does == What::Speaks;
        let nth = self.acts.iter().rposition(is_message);
        self.calls().filter(move |call| Some(call.act) == nth)
    }

    /// The calls that a thread slept in, in the order in which they come in
    /// the lanes: their names.
    pub fn sleeps_in(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for lane in &self.lanes {
            let woken = lane.calls.iter().filter(|call| call.woken);
            let woken = woken.map(|call| &*call.call);
            let at_end = lane.sleeps.iter().map(|sleep| &*sleep.call);
            for name in woken.chain(at_end) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    fn calls(&self) -> impl Iterator<Item = &Call> {
        self.lanes.iter().flat_map(|lane| &lane.calls)
    }
}
