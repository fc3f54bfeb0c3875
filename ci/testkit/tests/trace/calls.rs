//! Calls as both tracers must see them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A system call that came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    pub name: String,
    /// The descriptor that is its first argument, or another number there.
    pub first: Option<i64>,
    /// `5`, or `EAGAIN`.
    pub result: String,
    /// The names of numbers in it, such as SOCK_STREAM, sorted.
    pub words: Vec<String>,
    /// The IPv4 addresses in it. A port that the system chose is written as
    /// `PORT-1` for the first of them, and so on.
    pub addrs: Vec<String>,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Call { name, first, result, words, addrs } = self;
        let first = first.map(|n| n.to_string()).unwrap_or_default();
        let (words, addrs) = (words.join(" "), addrs.join(" "));
        write!(f, "{name}({first}) = {result} {words} {addrs}")
    }
}

/// The calls of each thread, in order.
pub type Threads = BTreeMap<usize, Vec<Call>>;

static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x) \b (?:
        AF_ | SOCK_ | IPPROTO_ | SOL_ | SO_ | TCP_ | MSG_ | SHUT_ | F_ | FD_
        | O_ | FIO | POLL | EPOLL | EFD_ | TFD_ | CLOCK_
    ) [A-Z0-9_]+ \b";
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// Bytes that were sent or received, with their quotes.
static BYTES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""(?:[^"\\]|\\.)*""#).expect("the pattern is well-formed")
});

static ADDR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+):([0-9]+)\b")
        .expect("the pattern is well-formed")
});

/// The names of numbers in the text of a call.
pub fn words(text: &str) -> Vec<String> {
    let text = BYTES.replace_all(text, "");
    let mut words: Vec<String> = NAMES
        .find_iter(&text)
        // The family is told by the address, in ours.
        .filter(|found| !text[..found.start()].ends_with("sa_family="))
        // As the kernel calls what has a successor.
        .map(|found| found.as_str().trim_end_matches("_OLD").to_owned())
        .collect();
    words.sort();
    words
}

/// The addresses, `127.0.0.1:50001`, in the text of a call.
pub fn addrs(text: &str) -> Vec<String> {
    let text = BYTES.replace_all(text, "");
    ADDR.find_iter(&text).map(|found| found.as_str().to_owned()).collect()
}

/// Numbers the ports in the order in which they come: both runs get others.
pub fn number_ports(threads: &mut Threads) {
    let mut ports = Vec::new();
    let addrs = threads.values_mut().flatten().flat_map(|it| &mut it.addrs);
    for addr in addrs {
        let numbered = ADDR.replace(addr, |found: &Captures| {
            let port = found[2].to_owned();
            if port == "0" {
                return found[0].to_owned();
            }
            let place = ports.iter().position(|known| *known == port);
            let place = place.unwrap_or_else(|| {
                ports.push(port);
                ports.len() - 1
            });
            format!("{}:PORT-{}", &found[1], place + 1)
        });
        *addr = numbered.into_owned();
    }
}
