//! The wire between alice, on the left, and bob.

use std::thread;
use std::time::Instant;

use anyhow::ensure;

use super::PATIENCE;
use super::host::Host;
use super::segment::{self, Segment};
use super::state::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Alice,
    Bob,
}

pub struct Wire {
    alice: Host,
    bob: Host,
    /// Each segment so far, and where it came from.
    carried: Vec<(End, Segment)>,
}

impl Wire {
    pub fn new(alice: Host, bob: Host) -> Wire {
        println!("{:<55}{}", alice.name, bob.name);
        Wire { alice, bob, carried: Vec::new() }
    }

    /// Prints what a program does, between the states of both ends.
    pub fn note(&self, what: &str) -> anyhow::Result<()> {
        self.print("", &format!("{:^33}", format!("({what})")), "")
    }

    // ANCHOR: carry
    /// Takes the next segment from one end, and gives it to the other.
    pub fn carry_from(&mut self, end: End) -> anyhow::Result<()> {
        let (frame, segment) = self.next_from(end)?;
        let words = self.words(end, &segment);
        match end {
            End::Alice => self.print("──→", &words, "")?,
            End::Bob => self.print("", &words, "←──")?,
        }
        println!("{:17}options: {}", "", segment.options.join(", "));

        let receiver = self.host(end.other());
        let before = receiver.state()?;
        receiver.give(&frame)?;
        wait_for_change(receiver, before)?;
        let words = format!("{:^33}", "(let go)");
        match end {
            End::Alice => self.print("", &words, "──→")?,
            End::Bob => self.print("←──", &words, "")?,
        }
        self.carried.push((end, segment));
        Ok(())
    }

    /// Asks the kernel for both states, and prints a line.
    fn print(&self, near: &str, words: &str, far: &str) -> anyhow::Result<()> {
        let (left, right) = (self.alice.state()?, self.bob.state()?);
        println!("{left:<12} {near:3} {words:<33} {far:3} {right}");
        Ok(())
    }
    // ANCHOR_END: carry

    fn host(&mut self, end: End) -> &mut Host {
        match end {
            End::Alice => &mut self.alice,
            End::Bob => &mut self.bob,
        }
    }

    /// The next segment from there that says something new: TCP says again
    /// what has no answer after a second, and this machine may be busy. ARP
    /// is carried both ways meanwhile.
    fn next_from(&mut self, end: End) -> anyhow::Result<(Vec<u8>, Segment)> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for from in [End::Alice, End::Bob] {
                let Some(mut frame) = self.host(from).take() else {
                    continue;
                };
                if segment::is_arp(&frame) {
                    self.host(from.other()).give(&frame)?;
                } else if let Some(segment) = Segment::finish(&mut frame)
                    && from == end
                    && self.is_new(end, &segment)
                {
                    return Ok((frame, segment));
                }
            }
            let late = Instant::now() >= deadline;
            ensure!(!late, "{} sends nothing", self.host(end).name);
            thread::yield_now();
        }
    }

    fn is_new(&self, end: End, segment: &Segment) -> bool {
        self.carried.iter().all(|(from, known)| {
            *from != end
                || known.seq != segment.seq
                || known.flags != segment.flags
        })
    }

    /// What the segment says. Its numbers are counted from the first of each
    /// end, which is random.
    fn words(&self, end: End, segment: &Segment) -> String {
        let Segment { flags, seq, ack, .. } = segment;
        let start = self.first_number(end).unwrap_or(*seq);
        let mut words =
            format!("{} seq {}", flags.join("+"), seq.wrapping_sub(start));
        if let (Some(ack), Some(start)) = (ack, self.first_number(end.other()))
        {
            words += &format!(" ack {}", ack.wrapping_sub(start));
        }
        words
    }

    fn first_number(&self, end: End) -> Option<u32> {
        let first = self.carried.iter().find(|(from, _)| *from == end);
        first.map(|(_, segment)| segment.seq)
    }
}

impl End {
    fn other(self) -> End {
        match self {
            End::Alice => End::Bob,
            End::Bob => End::Alice,
        }
    }
}

fn wait_for_change(host: &Host, before: State) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while host.state()? == before {
        ensure!(Instant::now() < deadline, "{} stays {before}", host.name);
        thread::yield_now();
    }
    Ok(())
}
