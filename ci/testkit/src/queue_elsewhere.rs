//! Where there are no datagram sockets between programs, there is no queue.

use std::io;
use std::process::Stdio;
use std::sync::mpsc::Receiver;

use crate::process::Line;

/// There is none.
#[derive(Debug)]
pub enum Queue {}

/// There is none.
#[derive(Debug)]
pub enum Mouth {}

impl Queue {
    /// Says what is missing.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn new() -> anyhow::Result<Queue> {
        anyhow::bail!("needs Unix: it records what several programs print")
    }

    /// Is never called.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn join(&self) -> anyhow::Result<(Mouth, Receiver<Line>)> {
        match *self {}
    }
}

impl Mouth {
    /// Is never called.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn stdio(&self) -> io::Result<Stdio> {
        match *self {}
    }
}
