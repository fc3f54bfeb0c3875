//! The state of a connection, from /proc/net/tcp: `man 5 proc`.

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek};

use anyhow::Context;

/// A state of RFC 9293, section 3.3.2, by the number that Linux gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State(u8);

impl State {
    pub const CLOSED: State = State(0x07);
    pub const LISTEN: State = State(0x0a);
}

/// The state of the one connection in the file; of the listener if there is
/// none; CLOSED if there is neither.
pub fn read(mut connections: &File) -> anyhow::Result<State> {
    let mut text = String::new();
    connections.rewind()?; // each reading from the start is a new look
    connections.read_to_string(&mut text)?;
    let mut best = State::CLOSED;
    for line in text.lines().skip(1) {
        let number = line.split_whitespace().nth(3).context("no state")?;
        let state = State(u8::from_str_radix(number, 16)?);
        if state != State::LISTEN || best == State::CLOSED {
            best = state;
        }
    }
    Ok(best)
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self.0 {
            0x01 => "ESTABLISHED",
            0x02 => "SYN-SENT",
            0x03 => "SYN-RECEIVED",
            0x04 => "FIN-WAIT-1",
            0x05 => "FIN-WAIT-2",
            0x06 => "TIME-WAIT",
            0x07 => "CLOSED",
            0x08 => "CLOSE-WAIT",
            0x09 => "LAST-ACK",
            0x0a => "LISTEN",
            0x0b => "CLOSING",
            _ => "a state that Linux has and RFC 9293 has not",
        })
    }
}
