//! The segments as a ladder: alice on the left, bob on the right, and a line
//! for each segment and for each thing that a program does.
use std::time::Duration;

use virtual_network::{Event, Fate, HostId, Network, State};

/// What the programs did, to be printed between the segments.
pub struct Ladder {
    alice: HostId,
    start: Duration,
    /// Events before the ladder's start are not its own.
    first: usize,
    /// A note stands before the event with this number.
    notes: Vec<(usize, String)>,
}

impl Ladder {
    /// A ladder whose time begins now.
    pub fn new(net: &Network, alice: HostId) -> Self {
        let (start, first) = (net.now(), net.events().len());
        Self { alice, start, first, notes: Vec::new() }
    }

    /// Notes what alice's program does, and her state before it.
    pub fn alice(&mut self, net: &Network, state: State, what: &str) {
        let state = state.to_string(); // a State ignores widths
        self.note(net, format!("{state:<12} {:^41}", format!("({what})")));
    }

    /// Notes what bob's program does, and his state before it.
    pub fn bob(&mut self, net: &Network, state: State, what: &str) {
        let what = format!("({what})");
        self.note(net, format!("{:<12} {what:^41} {state}", ""));
    }

    fn note(&mut self, net: &Network, what: String) {
        let time = (net.now() - self.start).as_secs_f64();
        let line = format!("{time:>7.3} s  {}", what.trim_end());
        self.notes.push((net.events().len(), line));
    }

    /// Prints all that has happened.
    pub fn print(&self, net: &Network) {
        let mut notes = self.notes.iter().peekable();
        for (i, event) in net.events().iter().enumerate().skip(self.first) {
            while let Some((_, note)) = notes.next_if(|(at, _)| *at <= i) {
                println!("{note}");
            }
            if let Some(line) = self.line(event) {
                println!("{line}");
            }
        }
        for (_, note) in notes {
            println!("{note}");
        }
    }

    // ANCHOR: line
    /// A segment: its time, alice's state, what it says, bob's state. The
    /// sender's state is that after sending, the receiver's after receiving.
    fn line(&self, event: &Event) -> Option<String> {
        let states = event.states?; // None: no segment
        let words = words(event)?;
        let time = (event.time - self.start).as_secs_f64();
        let lost = event.fate == Fate::Lost;
        let (left, near, far, right) = if event.from == self.alice.into() {
            let far = if lost { "──x" } else { "──→" };
            (states.sender, "──→", far, states.receiver)
        } else {
            let near = if lost { "x──" } else { "←──" };
            (states.receiver, near, "←──", states.sender)
        };
        let left = left.to_string();
        Some(format!(
            "{time:>7.3} s  {left:<12} {near} {words:<33} {far} {right}"
        ))
    }
    // ANCHOR_END: line
}

/// `PSH+ACK seq 1 ack 1 len 5`
fn words(event: &Event) -> Option<String> {
    let segment = event.frame.tcp()?;
    let mut words = format!("{} seq {}", segment.flags, event.relative_seq()?);
    if let Some(ack) = event.relative_ack() {
        words += &format!(" ack {ack}");
    }
    if !segment.payload.is_empty() {
        words += &format!(" len {}", segment.payload.len());
    }
    Some(words)
}
