//! The servers of the scene.

/// One I/O model, by its echo server.
#[derive(Debug)]
pub struct Model {
    /// The listing.
    pub listing: &'static str,
    /// What it is given after the address.
    pub args: &'static [&'static str],
    /// How it spends its time.
    pub manner: Manner,
    /// What its threads are called.
    pub threads: Threads,
}

/// How a server spends the time in which nobody speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Manner {
    /// Each thread sleeps in a call, and any client can wake it.
    Sleeps,
    /// The same, but while it has a client, nobody else is served.
    ServesOne,
    /// It asks again and again, and never sleeps.
    Asks,
}

/// What the threads of a server are called in its picture.
#[derive(Clone, Copy, Debug)]
pub enum Threads {
    /// There is one.
    One,
    /// The first does something else than the others, whose name this is.
    Main(&'static str),
    /// All do the same.
    Equal(&'static str),
}

/// All of them, in the order of the book.
pub const MODELS: &[Model] = &[
    Model {
        listing: "one-at-a-time",
        args: &[],
        manner: Manner::ServesOne,
        threads: Threads::One,
    },
    Model {
        listing: "thread-echo",
        args: &[],
        manner: Manner::Sleeps,
        threads: Threads::Main("thread"),
    },
    Model {
        listing: "pool-echo",
        args: &[],
        manner: Manner::Sleeps,
        threads: Threads::Equal("worker"),
    },
    Model {
        listing: "nonblocking-echo",
        args: &[],
        manner: Manner::Asks,
        threads: Threads::One,
    },
    Model {
        listing: "select-echo",
        args: &[],
        manner: Manner::Sleeps,
        threads: Threads::One,
    },
    Model {
        listing: "poll-echo",
        args: &[],
        manner: Manner::Sleeps,
        threads: Threads::One,
    },
    Model {
        listing: "selector-echo",
        args: &[],
        manner: Manner::Sleeps,
        threads: Threads::One,
    },
];
