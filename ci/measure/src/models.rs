//! The servers that are measured.

/// A server, and what has to be known of it.
#[derive(Debug)]
pub struct Model {
    /// A listing's name, or that of the file beside one.
    pub name: &'static str,
    /// What it is written in.
    pub language: Language,
    /// How its thread or threads wait.
    pub family: Family,
    /// How many clients it serves at once, at most.
    pub clients: usize,
}

/// What a server is written in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// A listing.
    Rust,
    /// A file beside a listing, compiled here.
    C,
    /// A file beside a listing.
    Python,
}

/// How a server waits: servers of a family have the same line in the plots.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// A thread waits for one client.
    Blocking,
    /// Each wait, or each attempt, goes through all clients.
    Scanning,
    /// The kernel keeps a list of those that are ready.
    Readiness,
    /// The kernel does the work, and says what is done.
    Completion,
}

use Family::{Blocking, Completion, Readiness, Scanning};
use Language::{C, Python, Rust};

const MANY: usize = usize::MAX;

/// All of them. The first is the one that the others are compared with.
pub const MODELS: &[Model] = &[
    model("epoll_echo.c", C, Readiness, MANY),
    model("epoll-echo", Rust, Readiness, MANY),
    model("epoll-edge-echo", Rust, Readiness, MANY),
    model("reuseport-echo", Rust, Readiness, MANY),
    model("selector-echo", Rust, Readiness, MANY),
    model("executor-echo", Rust, Readiness, MANY),
    model("tokio-echo", Rust, Readiness, MANY),
    model("uring-echo", Rust, Completion, MANY),
    model("signal-echo", Rust, Readiness, MANY),
    model("poll-echo", Rust, Scanning, MANY),
    // A set of `select` has 1,024 bits; a few descriptors are no clients.
    model("select-echo", Rust, Scanning, 1_016),
    model("nonblocking-echo", Rust, Scanning, MANY),
    model("thread-echo", Rust, Blocking, MANY),
    model("pool-echo", Rust, Blocking, MANY),
    model("one-at-a-time", Rust, Blocking, 1),
    model("selector_echo.py", Python, Readiness, MANY),
];

const fn model(
    name: &'static str,
    language: Language,
    family: Family,
    clients: usize,
) -> Model {
    Model { name, language, family, clients }
}

impl Model {
    /// The one of that name.
    pub fn named(name: &str) -> Option<&'static Model> {
        MODELS.iter().find(|model| model.name == name)
    }

    /// It asks without rest, even when nobody talks.
    pub fn is_restless(&self) -> bool {
        self.name == "nonblocking-echo"
    }

    /// It can make use of two cores, and takes `--work-us`.
    pub fn has_threads(&self) -> bool {
        ["thread-echo", "pool-echo", "reuseport-echo"].contains(&self.name)
    }

    /// What it is given after the address.
    pub fn arguments(&self, setting: Setting) -> Vec<String> {
        let mut arguments = Vec::new();
        match self.name {
            // A worker serves one client.
            "pool-echo" => arguments.push(setting.clients.to_string()),
            "reuseport-echo" => arguments.push(setting.cores.to_string()),
            _ => {}
        }
        if setting.work_us > 0 {
            arguments.push("--work-us".to_owned());
            arguments.push(setting.work_us.to_string());
        }
        arguments
    }
}

/// What a server is started for.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// How many connections there will be.
    pub clients: usize,
    /// How many cores it may use.
    pub cores: usize,
    /// The work that each request brings, in microseconds; 0 where it does
    /// not take that option.
    pub work_us: usize,
}

#[cfg(test)]
mod tests {
    use testkit::listing::{Listing, root};

    use super::*;

    #[test]
    fn all_listings_that_echo_are_measured() {
        let all = Listing::all(&root()).expect("they can be read");
        let echo = all.iter().filter(|it| it.metadata.suite.is_some());
        // That one shows what becomes of those whom a pool does not serve.
        let listings = echo.filter(|it| it.name != "pool-limits");
        let listings: Vec<&str> = listings.map(|it| &*it.name).collect();
        let mut measured: Vec<&str> = MODELS
            .iter()
            .filter(|model| model.language == Rust)
            .map(|model| model.name)
            .collect();
        measured.sort_unstable();
        assert_eq!(measured, listings);
    }
}
