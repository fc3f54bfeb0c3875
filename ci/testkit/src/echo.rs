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
mod loopback;
mod loud;
mod messages;
mod never_reads;
mod resets;
mod restart;
mod subject;

pub use subject::Subject;

use std::time::Duration;

use anyhow::{bail, ensure};

use crate::limits::{lack_of_descriptors, take_descriptors};
use crate::listing::{Metadata, Platform};

/// One thing that every echo server must do.
#[derive(Debug)]
pub struct Case {
    /// Its name, as in `suite-except`.
    pub name: &'static str,
    /// What holds of a server that passes it.
    pub says: &'static str,
    /// Where it can be seen.
    pub platforms: &'static [Platform],
    /// Whether only a server that declares it, in `suite-also`, must do it.
    pub optional: bool,
    /// How many clients it may have at once, each with a descriptor.
    clients: usize,
    /// Sees a server do it; the error says how it failed.
    run: fn(&Subject) -> anyhow::Result<()>,
}

const UNIX: &[Platform] = &[Platform::Linux, Platform::Macos];

/// Every case.
pub const CASES: &[Case] = &[
    everywhere(
        "echo",
        "a message comes back, and so does the next",
        messages::echo,
    ),
    everywhere(
        "large",
        "16 MiB come back while they are sent",
        messages::large,
    ),
    everywhere(
        "byte-by-byte",
        "a message comes back that is sent one byte at a time",
        messages::byte_by_byte,
    ),
    everywhere(
        "order",
        "while one is silent inside its message, others are answered",
        messages::order,
    ),
    everywhere(
        "half-close",
        "who has ended sending gets every byte, and then the end",
        half_close::half_close,
    ),
    everywhere(
        "silent",
        "while 50 clients are silent, another is answered",
        crowd::silent,
    ),
    everywhere(
        "many",
        "300 clients come and go, and no descriptor stays open",
        crowd::many,
    ),
    everywhere(
        "hundred",
        "100 clients talk at once, and all get their own bytes",
        crowd::hundred,
    ),
    Case {
        clients: 1_000,
        ..everywhere(
            "thousand",
            "1,000 clients talk at once, and all get their own bytes",
            crowd::thousand,
        )
    },
    // On Windows nothing keeps two of these from running at once, and there
    // are not ports enough for both.
    Case {
        platforms: UNIX,
        optional: true,
        clients: 10_000,
        ..everywhere(
            "ten-thousand",
            "10,000 clients are connected, and those who speak are answered",
            crowd::ten_thousand,
        )
    },
    everywhere(
        "loud",
        "while one sends without end, others are answered",
        loud::loud,
    ),
    everywhere(
        "never-reads",
        "who never reads takes little memory, and holds up nobody",
        never_reads::never_reads,
    ),
    everywhere(
        "hang-up",
        "clients close with an answer unread, and others are answered",
        resets::hang_up,
    ),
    everywhere(
        "reset-at-rest",
        "clients break off at rest, and others are answered",
        resets::at_rest,
    ),
    everywhere(
        "reset-mid-write",
        "clients break off while much is unsent, and others are answered",
        resets::mid_write,
    ),
    // Only Unix shells limit the descriptors of a program.
    Case {
        platforms: UNIX,
        ..everywhere(
            "descriptors",
            "when no descriptor is left, some are served, and others later",
            descriptors::descriptors,
        )
    },
    everywhere(
        "restart",
        "it is killed, and listens on the same port again at once",
        restart::restart,
    ),
    // Only Linux has /proc.
    Case {
        platforms: &[Platform::Linux],
        ..everywhere(
            IDLE,
            "with 100 silent clients it takes at most 1 % of a core",
            idle::idle,
        )
    },
    everywhere(
        "address",
        "an address that it cannot use is refused in a sentence",
        address::address,
    ),
];

/// The case that a server which polls in a loop must be excepted from.
const IDLE: &str = "idle";

/// How long a server may take for each step of a case that it is excepted
/// from: it is to fail, and its failing is waited for.
const EXCEPTED: Duration = Duration::from_secs(3);

/// A case for every server and system, with few clients.
const fn everywhere(
    name: &'static str,
    says: &'static str,
    run: fn(&Subject) -> anyhow::Result<()>,
) -> Case {
    let platforms = Platform::ALL;
    Case { name, says, platforms, optional: false, clients: 150, run }
}

impl Case {
    /// What this machine lacks to show it: `needs Linux`, or `needs 10,100
    /// descriptors`. `None` if it lacks nothing.
    pub fn lack(&self) -> Option<String> {
        Platform::missing_from(self.platforms)
            .or_else(|| lack_of_descriptors(self.clients))
    }

    /// Sees the server do it, once there are descriptors for all the clients.
    ///
    /// # Errors
    ///
    /// How the server failed.
    pub fn see(&self, subject: &Subject) -> anyhow::Result<()> {
        let _share = take_descriptors(self.clients);
        (self.run)(subject)
    }

    /// Sees the server do it, or not: a server that is excepted from the case
    /// must fail it. An exception is a statement about the model, and has to
    /// be true.
    ///
    /// # Errors
    ///
    /// How the server failed, or that the exception is not needed.
    pub fn examine(
        &self,
        subject: &Subject,
        except: &[String],
    ) -> anyhow::Result<()> {
        if !except.iter().any(|name| name == self.name) {
            return self.see(subject);
        }
        let result = self.see(&subject.clone().patience(EXCEPTED));
        ensure!(result.is_err(), "is excepted from this case, and passes it");
        Ok(())
    }
}

/// The cases for a server that declares the suite: those that no server may
/// leave out, and those of the others that it names.
///
/// # Errors
///
/// Where it names a case that is none, or not one of that sort.
pub fn cases_for(listing: &Metadata) -> anyhow::Result<Vec<&'static Case>> {
    for (key, names, optional) in [
        ("suite-except", &listing.suite_except, false),
        ("suite-also", &listing.suite_also, true),
    ] {
        for name in names {
            match case(name) {
                Some(case) if case.optional == optional => {}
                Some(_) if optional => {
                    bail!("`{key}` names `{name}`, which every server must do")
                }
                Some(_) => bail!("`{key}` names `{name}`, which is optional"),
                None => bail!("`{key}` names `{name}`, which is no case"),
            }
        }
    }
    let named = |case: &Case| listing.suite_also.iter().any(|n| n == case.name);
    Ok(CASES.iter().filter(|case| !case.optional || named(case)).collect())
}

/// The case of that name.
pub fn case(name: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == name)
}
