//! A run as a ladder: one host on the left, the others on the right, and a
//! line for each TCP segment and for each thing that a program does.

use std::fmt;
use std::time::Duration;

use smoltcp::socket::tcp::State;

use crate::event::{Event, Fate};
use crate::id::{HostId, NodeId};
use crate::network::Network;

/// Prints TCP segments as a ladder, with the states of both ends.
///
/// A line has the time, counted from the ladder's start; the left end's
/// state; what the segment says, between two arrows; the right end's state.
/// The time is that of sending. The sender's state is the one after sending,
/// the receiver's the one after receiving, or, where the segment was lost,
/// when it would have been received.
///
/// ```
/// use std::time::Duration;
/// use virtual_network::{Ladder, Link, Network, State};
///
/// # fn main() -> std::io::Result<()> {
/// let mut net = Network::new();
/// let alice = net.add_host("alice", &["10.0.0.1/24"])?;
/// let bob = net.add_host("bob", &["10.0.0.2/24"])?;
/// net.link(alice, bob, Link::default())?;
/// net.ping(alice, [10, 0, 0, 2], 64)?; // so that ARP is done
/// net.tcp_listen(bob, 80)?;
///
/// let mut ladder = Ladder::new(&net, alice);
/// ladder.left(&net, State::Closed, "alice connects");
/// net.tcp_connect(alice, ([10, 0, 0, 2], 80))?;
/// net.run_for(Duration::from_secs(1));
/// assert_eq!(ladder.lines(&net), [
///     "  0.000 s  CLOSED                   (alice connects)",
///     "  0.000 s  SYN-SENT     ──→ SYN seq 0                         \
///      ──→ SYN-RECEIVED",
///     "  0.001 s  ESTABLISHED  ←── SYN+ACK seq 0 ack 1               \
///      ←── SYN-RECEIVED",
///     "  0.002 s  ESTABLISHED  ──→ ACK seq 1 ack 1                   \
///      ──→ ESTABLISHED",
/// ]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Ladder {
    left: NodeId,
    start: Duration,
    /// Earlier events are not part of it.
    first: usize,
    /// A note stands before the event with this number.
    notes: Vec<(usize, String)>,
    windows: bool,
}

impl Ladder {
    /// A ladder that starts now, with this host on the left.
    pub fn new(net: &Network, left: HostId) -> Self {
        let (start, first) = (net.now(), net.events().len());
        let (left, notes) = (left.into(), Vec::new());
        Self { left, start, first, notes, windows: false }
    }

    /// Prints the window of each segment too.
    pub fn with_windows(mut self) -> Self {
        self.windows = true;
        self
    }

    /// Notes what a program on the left does now, and its socket's state
    /// before it.
    pub fn left(&mut self, net: &Network, state: State, what: &str) {
        let state = state.to_string(); // a State ignores widths
        self.note(net, format_args!("{state:<12} {:^41}", Note(what)));
    }

    /// Notes what a program on the right does now, and its socket's state
    /// before it.
    pub fn right(&mut self, net: &Network, state: State, what: &str) {
        self.note(net, format_args!("{:<12} {:^41} {state}", "", Note(what)));
    }

    fn note(&mut self, net: &Network, what: fmt::Arguments<'_>) {
        let time = self.time(net.now());
        let line = format!("{time}  {what}").trim_end().to_string();
        self.notes.push((net.events().len(), line));
    }

    /// All that has happened since the start: a line for each note and for
    /// each segment, in order.
    pub fn lines(&self, net: &Network) -> Vec<String> {
        let mut notes = self.notes.iter().peekable();
        let mut lines = Vec::new();
        for (i, event) in net.events().iter().enumerate().skip(self.first) {
            while let Some((_, note)) = notes.next_if(|(at, _)| *at <= i) {
                lines.push(note.clone());
            }
            lines.extend(self.rung(event));
        }
        lines.extend(notes.map(|(_, note)| note.clone()));
        lines
    }

    /// The line of a segment; `None` for other frames.
    fn rung(&self, event: &Event) -> Option<String> {
        let states = event.states?;
        let mut words = event.segment_words()?;
        if self.windows {
            words += &format!(" win {}", event.frame.tcp()?.window);
        }
        let time = self.time(event.time);
        let lost = event.fate == Fate::Lost;
        let (left, near, far, right) = if event.from == self.left {
            let far = if lost { "──x" } else { "──→" };
            (states.sender, "──→", far, states.receiver)
        } else {
            let near = if lost { "x──" } else { "←──" };
            (states.receiver, near, "←──", states.sender)
        };
        let left = left.to_string();
        Some(format!("{time}  {left:<12} {near} {words:<33} {far} {right}"))
    }

    fn time(&self, now: Duration) -> String {
        format!("{:>7.3} s", (now - self.start).as_secs_f64())
    }
}

/// What a program does, in brackets.
struct Note<'a>(&'a str);

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("({})", self.0))
    }
}
