//! What crossed a link, and what became of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use smoltcp::socket::tcp::State;

use crate::describe::{Numbers, describe};
use crate::frame::Frame;
use crate::id::{LinkId, NodeId};

/// The widest line that an event prints, in characters.
pub(crate) const WIDTH: usize = 78;

/// A frame on a link.
///
/// It prints as one line of at most 78 characters, with TCP's sequence
/// numbers counted from the connection's start, as packet analysers do:
///
/// ```text
/// 0.006 s alice → bob TCP 49152→80 SYN seq 0 win 65535
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it was put on the link, since the network was made.
    pub time: Duration,
    /// The link.
    pub link: LinkId,
    /// Who put it there.
    pub from: NodeId,
    /// Who is at the other end.
    pub to: NodeId,
    /// The frame itself.
    pub frame: Frame,
    /// Whether it is the copy that an [`Impairment`](crate::Impairment) made.
    pub copy: bool,
    /// How much longer it is on its way than the link's delay.
    pub late: Duration,
    /// What became of it.
    pub fate: Fate,
    /// For a TCP segment, the states of the connection's two ends.
    pub states: Option<States>,
    pub(crate) names: Names,
    pub(crate) start: Numbers,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is still on its way.
    InFlight,
    /// It came to the other end, at this time since the network was made.
    Delivered {
        /// When it arrived.
        at: Duration,
    },
    /// An [`Impairment`](crate::Impairment) lost it.
    Lost,
    /// It was longer than the link's MTU, and was dropped.
    TooLong,
}

/// The states of the two ends of the connection that a segment belongs to
/// (RFC 9293, section 3.3.2). An end that has no such connection is CLOSED.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct States {
    /// The state of the host that made the segment, once it was put on this
    /// link.
    pub sender: State,
    /// The state of the host that it is addressed to, once it had crossed
    /// this link, or, where it was lost, when it would have crossed.
    pub receiver: State,
}

/// What the two ends are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) from: Arc<str>,
    pub(crate) to: Arc<str>,
    /// The length of the longest pair in the network, to line lines up.
    pub(crate) width: usize,
}

impl Event {
    /// Itself, printed with the sequence numbers that are on the wire.
    pub fn absolute(&self) -> impl fmt::Display {
        std::fmt::from_fn(|f| self.line(f, &Numbers::default()))
    }

    /// What the frame says, in words: the line without time and names.
    pub fn what(&self) -> String {
        describe(&self.frame, &self.start).join(" ")
    }

    /// What the segment says, without ports and window, if this is a segment:
    /// `PSH+ACK seq 1 ack 1 len 5`.
    pub fn segment_words(&self) -> Option<String> {
        self.frame.tcp()?;
        let words = describe(&self.frame, &self.start);
        let words = words.into_iter().skip(2); // TCP 49152→80
        let words = words.filter(|word| !word.starts_with("win "));
        Some(words.collect::<Vec<_>>().join(" "))
    }

    /// The segment's sequence number, counted from the connection's start
    /// (its SYN is 0), if this is a segment.
    pub fn relative_seq(&self) -> Option<u32> {
        let segment = self.frame.tcp()?;
        Some(segment.seq.wrapping_sub(self.start.seq))
    }

    /// The segment's acknowledgement number, counted from the connection's
    /// start, if this is a segment that acknowledges.
    pub fn relative_ack(&self) -> Option<u32> {
        let segment = self.frame.tcp().filter(|s| s.flags.ack)?;
        Some(segment.ack.wrapping_sub(self.start.ack))
    }

    /// What happened to the frame on the link, if not the usual.
    fn mark(&self) -> Option<String> {
        match self.fate {
            Fate::Lost => Some("(lost)".into()),
            Fate::TooLong => Some("(too long)".into()),
            _ if self.copy => Some("(copy)".into()),
            _ if !self.late.is_zero() => {
                Some(format!("({} ms late)", self.late.as_millis()))
            }
            _ => None,
        }
    }

    /// Leaves out the last words that do not fit, never the mark.
    fn line(&self, f: &mut fmt::Formatter<'_>, n: &Numbers) -> fmt::Result {
        let route = format!("{} → {}", self.names.from, self.names.to);
        let mut line = format!(
            "{:.3} s {route:<width$}",
            self.time.as_secs_f64(),
            width = self.names.width,
        );
        let mark = self.mark().map(|mark| format!(" {mark}"));
        let mark = mark.unwrap_or_default();
        let mut room = WIDTH.saturating_sub(length(&line) + length(&mark));
        let words = describe(&self.frame, n);
        for (i, word) in words.iter().enumerate() {
            let last = i + 1 == words.len();
            // Room for " …" must stay, unless this is the last word.
            if length(word) + 1 > room.saturating_sub(if last { 0 } else { 2 })
            {
                line.push_str(" …");
                break;
            }
            room -= length(word) + 1;
            line.push(' ');
            line.push_str(word);
        }
        f.pad(&(line + &mark))
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.line(f, &self.start)
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
