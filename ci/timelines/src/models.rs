//! The servers of the scene.

/// One I/O model, by its echo server.
#[derive(Debug)]
pub struct Model {
    /// The listing.
    pub listing: &'static str,
    /// Its chapter.
    pub chapter: &'static str,
    /// What it is given after the address.
    pub args: &'static [&'static str],
    /// How it spends its time.
    pub manner: Manner,
    /// What its threads are called.
    pub threads: Threads,
}

impl Model {
    const fn new(
        listing: &'static str,
        chapter: &'static str,
        manner: Manner,
        threads: Threads,
    ) -> Model {
        Model { listing, chapter, args: &[], manner, threads }
    }
}

/// How a server spends the time in which nobody speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Manner {
    /// Each thread sleeps in a call, and any client can wake it.
    Sleeps,
    /// The same, but while it has a client, nobody else is served.
    ServesOne,
    /// Each thread sleeps in a call, and the kernel chooses the one that gets
    /// a client. The scene begins anew until A and B get different ones.
    Spreads,
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
    Model::new("one-at-a-time", "blocking.md", Manner::ServesOne, Threads::One),
    Model::new(
        "thread-echo",
        "threads-and-pools.md",
        Manner::Sleeps,
        Threads::Main("thread"),
    ),
    Model::new(
        "pool-echo",
        "threads-and-pools.md",
        Manner::Sleeps,
        Threads::Equal("worker"),
    ),
    Model::new(
        "nonblocking-echo",
        "non-blocking.md",
        Manner::Asks,
        Threads::One,
    ),
    Model::new(
        "select-echo",
        "select-and-poll.md",
        Manner::Sleeps,
        Threads::One,
    ),
    Model::new("poll-echo", "select-and-poll.md", Manner::Sleeps, Threads::One),
    Model::new("epoll-echo", "epoll.md", Manner::Sleeps, Threads::One),
    Model::new(
        "epoll-edge-echo",
        "epoll-edge.md",
        Manner::Sleeps,
        Threads::One,
    ),
    Model {
        // So many threads, on every machine.
        args: &["2"],
        ..Model::new(
            "reuseport-echo",
            "several-cores.md",
            Manner::Spreads,
            Threads::Main("thread"),
        )
    },
    Model::new("selector-echo", "selector.md", Manner::Sleeps, Threads::One),
    Model::new("signal-echo", "signal-driven.md", Manner::Sleeps, Threads::One),
    Model::new("uring-echo", "completion.md", Manner::Sleeps, Threads::One),
    Model::new("executor-echo", "executor.md", Manner::Sleeps, Threads::One),
    Model::new("tokio-echo", "tokio.md", Manner::Sleeps, Threads::One),
];
