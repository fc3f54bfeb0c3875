//! The peers that a server meets on its worst days, for servers that echo:
//! what comes goes back, byte for byte, to every client, whatever the others
//! do.
//!
//! Each peer is a function in a file of its own. It gets a [`Target`], makes
//! its [`Client`]s, and says by its error what the server did wrong. The
//! program `bad-peers` points them at a server of yours, and the tests of this
//! repository at those of the book. No call waits longer than the target's
//! patience, and nothing is repeated without a limit.

mod bulk;
mod client;
mod pattern;
mod target;

mod byte_by_byte;
mod crowd;
mod half_close;
mod hang_up;
mod large;
mod limits;
mod loud;
mod never_reads;
mod resets;
mod silent;

pub use bulk::BOUNDLESS;
pub use byte_by_byte::byte_by_byte;
pub use client::Client;
pub use crowd::{crowd, one_after_another, thousand};
pub use half_close::half_close;
pub use hang_up::{cut_short, hang_up};
pub use large::large;
pub use limits::raise_descriptors;
pub use loud::loud;
pub use never_reads::{Stuck, never_reads};
pub use pattern::Pattern;
pub use resets::{reset_at_rest, reset_mid_write};
pub use silent::{many_silent, silent_inside};
pub use target::Target;

/// One bad peer.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// What the command line calls it.
    pub name: &'static str,
    /// What it does.
    pub says: &'static str,
    /// Does it to a server; the error says how the server failed.
    pub run: fn(&Target) -> anyhow::Result<()>,
}

/// Every peer, the mildest first.
pub const PEERS: &[Peer] = &[
    Peer {
        name: "byte-by-byte",
        says: "sends a message in as many calls as it has bytes",
        run: byte_by_byte,
    },
    Peer {
        name: "half-close",
        says: "ends sending, and only then begins to read",
        run: half_close,
    },
    Peer {
        name: "large",
        says: "sends 16 MiB, and reads them while it sends",
        run: large,
    },
    Peer {
        name: "silent-inside",
        says: "falls silent in the middle of a message",
        run: silent_inside,
    },
    Peer {
        name: "many-silent",
        says: "50 of them connect, and say nothing",
        run: many_silent,
    },
    Peer { name: "crowd", says: "100 of them talk at once", run: crowd },
    Peer {
        name: "thousand",
        says: "1,000 of them talk at once, and break off",
        run: thousand,
    },
    Peer {
        name: "passers-by",
        says: "300 of them come and go, one after another",
        run: |target| one_after_another(target, 0..300),
    },
    Peer {
        name: "loud",
        says: "sends without end, and reads all that comes back",
        run: loud,
    },
    Peer {
        name: "cut-short",
        says: "closes in the middle of a message",
        run: cut_short,
    },
    Peer {
        name: "hang-up",
        says: "closes with the answer unread",
        run: hang_up,
    },
    Peer {
        name: "reset-at-rest",
        says: "breaks the connection off while nothing is on its way",
        run: reset_at_rest,
    },
    Peer {
        name: "never-reads",
        says: "sends all that the server takes, and reads nothing",
        run: never_reads,
    },
    Peer {
        name: "reset-mid-write",
        says: "does the same, and then breaks the connection off",
        run: reset_mid_write,
    },
];
