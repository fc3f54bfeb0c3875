//! What the tracer writes, and what the descriptors in it are: their numbers
//! depend on what the environment has left open, and mean nothing.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde::Deserialize;

use crate::timeline::Client;

/// A line of the tracer's file. Its documentation is that of the listing
/// `trace`, in `json.rs`.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) thread: usize,
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
    pub(crate) result: Option<i64>,
    pub(crate) error: Option<String>,
    pub(crate) written: Vec<String>,
    pub(crate) entered_us: i64,
    pub(crate) left_us: Option<i64>,
}

/// What a line says, in words that hold on every machine.
pub(crate) struct Said {
    pub(crate) call: String,
    pub(crate) on: String,
    pub(crate) result: String,
    /// Whether it belongs to the model: it acts on a socket or on what can be
    /// waited for beside one, waits for another thread or wakes it, or begins
    /// one. Memory, files and the log do not belong to it.
    pub(crate) counts: bool,
}

/// What each descriptor of the server is.
pub(crate) struct Descriptors {
    names: HashMap<i64, String>,
    clients: Vec<(Client, SocketAddr)>,
}

/// A call goes by the name of its manual page: the kernel has variants with
/// more arguments, and which of them a library takes differs.
fn common(name: &str) -> &str {
    match name {
        "epoll_pwait" | "epoll_pwait2" => "epoll_wait",
        "ppoll" => "poll",
        "pselect6" => "select",
        "accept" => "accept4",
        "clone3" => "clone",
        "rt_sigtimedwait" => "sigtimedwait",
        name => name,
    }
}

impl Descriptors {
    pub(crate) fn new(clients: Vec<(Client, SocketAddr)>) -> Descriptors {
        Descriptors { names: HashMap::new(), clients }
    }

    /// Reads a line; all before it have been read.
    pub(crate) fn read(&mut self, line: &Line) -> Said {
        // The name that a descriptor has before it is closed.
        let (on, counts) = self.acts_on(line);
        let result = self.result(line, &on);
        self.learn(line);
        let counts = counts && line.left_us.is_some();
        Said { call: common(&line.name).to_owned(), on, result, counts }
    }

    fn acts_on(&self, line: &Line) -> (String, bool) {
        let arg = |nth: usize| line.args.get(nth).map_or("", String::as_str);
        let known = |nth: usize| {
            let name = self.names.get(&arg(nth).parse().ok()?);
            name.cloned()
        };
        match common(&line.name) {
            "select" | "poll" => {
                let sets = line.args.iter().filter(|it| it.starts_with('['));
                let mut names: Vec<String> = sets
                    .flat_map(|set| set.split([' ', '[', ']', ',']))
                    .filter_map(|word| word.parse::<i64>().ok())
                    .map(|fd| self.name(fd))
                    .collect();
                names.sort_by_key(|name| (name.len() == 1, name.clone()));
                names.dedup();
                (names.join(" "), true)
            }
            "futex" => {
                let op = arg(1).split('|').next().unwrap_or_default();
                let op = op.trim_start_matches("FUTEX_");
                (op.trim_end_matches("_BITSET").to_lowercase(), true)
            }
            "clone" => (String::new(), true),
            "sigtimedwait" => (String::new(), true),
            "epoll_ctl" => {
                let what = arg(1).trim_start_matches("EPOLL_CTL_");
                let target = arg(2).parse().map(|fd| self.name(fd));
                let target = target.unwrap_or_default();
                (format!("{} {target}", what.to_lowercase()), true)
            }
            // Rust's library asks this before it closes, in a debug build.
            "fcntl" if arg(1) == "F_GETFD" => (String::new(), false),
            "fcntl" | "ioctl" => {
                let name = known(0);
                let counts = name.is_some();
                (format!("{} {}", name.unwrap_or_default(), arg(1)), counts)
            }
            "setsockopt" | "getsockopt" => {
                let name = known(0);
                let counts = name.is_some();
                (format!("{} {}", name.unwrap_or_default(), arg(2)), counts)
            }
            // They act on what the kernel has given without a call.
            "shutdown" | "getpeername" => {
                let name = known(0).unwrap_or_else(|| "socket".to_owned());
                (name, true)
            }
            _ => match known(0) {
                Some(name) => (name, true),
                None => (String::new(), false),
            },
        }
    }

    fn result(&self, line: &Line, on: &str) -> String {
        if let Some(error) = &line.error {
            return error.clone();
        }
        let Some(result) = line.result else { return String::new() };
        match common(&line.name) {
            "accept4" => self.client(line).unwrap_or("somebody").to_owned(),
            "futex" if on.starts_with("wake") => result.to_string(),
            // Bytes of the scene's messages; events that the scene causes.
            "read" | "readv" | "recvfrom" | "recvmsg" | "write" | "writev"
            | "sendto" | "sendmsg" | "select" | "poll" | "epoll_wait"
            | "io_uring_enter" => result.to_string(),
            // It may be a new descriptor, a thread's id, flags.
            _ => match result {
                0 => "0".to_owned(),
                _ => String::new(),
            },
        }
    }

    fn name(&self, fd: i64) -> String {
        let name = self.names.get(&fd).cloned();
        name.unwrap_or_else(|| "socket".to_owned())
    }

    /// Who it is whose address the kernel has written.
    fn client(&self, line: &Line) -> Option<&'static str> {
        let addr = line.written.first()?;
        let addr = addr.strip_prefix("from ").unwrap_or(addr);
        let addr: SocketAddr = addr.parse().ok()?;
        let found = self.clients.iter().find(|(_, known)| *known == addr)?;
        Some(match found.0 {
            Client::A => "A",
            Client::B => "B",
        })
    }

    /// Notes what a call has made or closed.
    fn learn(&mut self, line: &Line) {
        let Some(result) = line.result else { return };
        let first = line.args.first().and_then(|arg| arg.parse().ok());
        let pair = || {
            let pair = line.written.first()?;
            let (one, other) = pair.split_once(' ')?;
            Some([one.parse().ok()?, other.parse().ok()?])
        };
        let new = match common(&line.name) {
            "accept4" => self.client(line).unwrap_or("socket"),
            "socket" => "socket",
            "epoll_create" | "epoll_create1" => "epoll",
            "eventfd" | "eventfd2" => "eventfd",
            "timerfd_create" => "timerfd",
            "signalfd" | "signalfd4" => "signalfd",
            "io_uring_setup" => "ring",
            "openat" | "open" => {
                self.names.remove(&result);
                return;
            }
            "pipe2" | "socketpair" => {
                for fd in pair().into_iter().flatten() {
                    self.names.insert(fd, "pair".to_owned());
                }
                return;
            }
            "listen" => {
                if let Some(fd) = first {
                    self.names.insert(fd, "listener".to_owned());
                }
                return;
            }
            "getpeername" => {
                if let (Some(fd), Some(name)) = (first, self.client(line)) {
                    self.names.insert(fd, name.to_owned());
                }
                return;
            }
            "close" => {
                if let Some(fd) = first {
                    self.names.remove(&fd);
                }
                return;
            }
            "dup" | "fcntl" => {
                let copies = line.name == "dup"
                    || line.args.get(1).is_some_and(|it| it.contains("DUPFD"));
                let source = first.and_then(|fd: i64| self.names.get(&fd));
                if let (true, Some(source)) = (copies, source.cloned()) {
                    self.names.insert(result, source);
                }
                return;
            }
            _ => return,
        };
        self.names.insert(result, new.to_owned());
    }
}
