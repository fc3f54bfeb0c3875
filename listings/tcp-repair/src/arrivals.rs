//! The segments in the order in which they arrive, each with what bob then
//! has in his buffer.
use std::time::Duration;

use virtual_network::{Event, Fate, HostId};

use crate::DELAY;

/// Prints a line for each segment: its time, what it says, and, if bob gets
/// it, the bytes that he has then, with a dot for each that is missing.
pub fn print(events: &[Event], start: Duration, bob: HostId) {
    let mut arrivals: Vec<_> = events
        .iter()
        .filter_map(|event| match event.fate {
            Fate::Delivered { at } => Some((at, event)),
            // When it would have come.
            Fate::Lost => Some((event.time + DELAY, event)),
            _ => None,
        })
        .collect();
    arrivals.sort_by_key(|&(at, _)| at);

    let mut buffer = Vec::new();
    for (at, event) in arrivals {
        let time = (at - start).as_secs_f64();
        let Some(words) = event.segment_words() else { continue };
        let lost = event.fate == Fate::Lost;
        if event.to == bob.into() {
            if !lost {
                fill(&mut buffer, event);
            }
            let far = if lost { "──x" } else { "──→" };
            let has = String::from_utf8_lossy(&buffer);
            println!("{time:>7.3} s  ──→ {words:<27} {far} {has}");
        } else {
            let near = if lost { "x──" } else { "←──" };
            println!("{time:>7.3} s  {near} {words:<27} ←──");
        }
    }
}

/// Puts the segment's bytes where they belong.
fn fill(buffer: &mut Vec<u8>, event: &Event) {
    let (Some(seq), Some(segment)) = (event.relative_seq(), event.frame.tcp())
    else {
        return;
    };
    // The SYN has number 0, the first byte number 1.
    let from = seq.saturating_sub(1) as usize;
    let to = from + segment.payload.len();
    if buffer.len() < to {
        buffer.resize(to, b'.');
    }
    buffer[from..to].copy_from_slice(segment.payload);
}
