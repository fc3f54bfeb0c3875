//! The conformance suite `echo`: what comes goes back, byte for byte, to
//! every client, whatever the others do.
//!
//! Each [`Case`] starts a server of its own. What its clients do is the code of
//! the listing `bad-peers`, which the book shows; a case adds what only the
//! server's process can show. The same cases meet servers of every model; that
//! they all behave the same is what the book claims.

mod address;
mod crowd;
mod descriptors;
mod half_close;
mod idle;
mod messages;
mod never_reads;
mod resets;
mod restart;
mod subject;

pub use subject::Subject;

use anyhow::ensure;

use crate::listing::Platform;

/// One thing that every echo server must do.
#[derive(Debug)]
pub struct Case {
    /// Its name, as in `suite-except`.
    pub name: &'static str,
    /// Where it can be seen.
    pub platforms: &'static [Platform],
    /// Sees a server do it; the error says how it failed.
    pub run: fn(&Subject) -> anyhow::Result<()>,
}

const UNIX: &[Platform] = &[Platform::Linux, Platform::Macos];

/// Every case.
pub const CASES: &[Case] = &[
    everywhere("echo", messages::echo),
    everywhere("large", messages::large),
    everywhere("byte-by-byte", messages::byte_by_byte),
    everywhere("order", messages::order),
    everywhere("half-close", half_close::half_close),
    everywhere("silent", crowd::silent),
    everywhere("many", crowd::many),
    everywhere("hundred", crowd::hundred),
    everywhere("never-reads", never_reads::never_reads),
    everywhere("hang-up", resets::hang_up),
    everywhere("reset-at-rest", resets::at_rest),
    everywhere("reset-mid-write", resets::mid_write),
    // Only Unix shells limit the descriptors of a program.
    Case {
        name: "descriptors",
        platforms: UNIX,
        run: descriptors::descriptors,
    },
    everywhere("restart", restart::restart),
    // Only Linux has /proc.
    Case { name: IDLE, platforms: &[Platform::Linux], run: idle::idle },
    everywhere("address", address::address),
];

/// The case that a server which polls in a loop must be excepted from.
const IDLE: &str = "idle";

const fn everywhere(
    name: &'static str,
    run: fn(&Subject) -> anyhow::Result<()>,
) -> Case {
    Case { name, platforms: Platform::ALL, run }
}

impl Case {
    /// Runs the case. A server that is excepted from it must fail it: an
    /// exception is a statement about the model, and has to be true.
    ///
    /// # Errors
    ///
    /// How the server failed, or that the exception is not needed.
    pub fn examine(
        &self,
        subject: &Subject,
        except: &[String],
    ) -> anyhow::Result<()> {
        let result = (self.run)(subject);
        if !except.iter().any(|name| name == self.name) {
            return result;
        }
        ensure!(result.is_err(), "is excepted from this case, and passes it");
        Ok(())
    }
}

/// The case of that name.
pub fn case(name: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == name)
}
