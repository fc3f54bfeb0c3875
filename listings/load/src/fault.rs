//! Why there is no number for a server.

use std::fmt;
use std::io;

/// What a server did wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Other bytes came than were sent, or more.
    Wrong,
    /// It ended a connection.
    Ended,
    /// A connection broke; the system's words.
    Broken(String),
    /// So many connections waited in vain for an answer.
    Silent(usize),
    /// So many connections opened, and then no more; the system's words.
    Few(usize, String),
}

impl Fault {
    pub(crate) fn broken(error: &io::Error) -> Fault {
        Fault::Broken(error.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Wrong => write!(f, "answers with other bytes"),
            Fault::Ended => write!(f, "ended a connection"),
            Fault::Broken(error) => write!(f, "a connection broke: {error}"),
            Fault::Silent(1) => write!(f, "one connection was never answered"),
            Fault::Silent(n) => {
                write!(f, "{n} connections were never answered")
            }
            Fault::Few(n, why) => {
                write!(f, "only {n} connections opened: {why}")
            }
        }
    }
}

impl std::error::Error for Fault {}
