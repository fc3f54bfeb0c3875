//! Placeholders for what differs between two runs.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// The address that the book's servers have in it.
pub const DEFAULT_ADDR: &str = "127.0.0.1:8989";

static VOLATILE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        (?<host> 127\.0\.0\.1 | \[::1\] ) : (?<port> [0-9]+ )
        | \b (?<before> pid | process ) \x20 (?<pid> [0-9]+ ) \b
        | \b (?<time> [0-9]+ (?: \.[0-9]+ )? ) \x20?
             (?: ns | [µμu]s | ms | s | min ) \b
        | \b (?<rate> [0-9]+ ) \x20 a \x20 second \b
        | \b (?<use> used | server | itself ) \x20 [0-9]+ \x20 %
    ";
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// A system's error in its own words, and its number: as Rust writes it, and
/// as Python does.
static OS_ERROR: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        [^:]* \( os \x20 error \x20 [0-9]+ \)
        | \[ (?: Errno | WinError ) \x20 [0-9]+ \] .*
    ";
    Regex::new(pattern).expect("the pattern is well-formed")
});

static LOOPBACK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"127\.0\.0\.1:([0-9]+)").expect("the pattern is well-formed")
});

/// Turns lines into what is the same in every run.
///
/// The n-th distinct port of a loopback address, other than that of the
/// default address, becomes `PORT-n`; the n-th distinct number after `pid` or
/// `process` becomes `PID-n`; a number with a unit of time becomes `TIME`, one
/// with `a second` becomes `RATE`, and what part of a core a program `used`
/// becomes `PART`. One normaliser serves for all lines of a run, so that two
/// clients that change places are seen.
#[derive(Debug, Default)]
pub struct Normaliser {
    ports: Vec<String>,
    pids: Vec<String>,
}

impl Normaliser {
    /// The line with placeholders.
    ///
    /// Texts of system errors are kept on Linux, where transcripts are
    /// recorded. Elsewhere they read otherwise, and become `OS-ERROR`.
    pub fn line(&mut self, line: &str) -> String {
        self.line_on(line, cfg!(target_os = "linux"))
    }

    fn line_on(&mut self, line: &str, keep_errors: bool) -> String {
        let line = VOLATILE.replace_all(line, |found: &Captures| {
            if &found[0] == DEFAULT_ADDR {
                found[0].to_owned()
            } else if let Some(port) = found.name("port") {
                let nth = nth_of(&mut self.ports, port.as_str());
                format!("{}:PORT-{nth}", &found["host"])
            } else if let Some(pid) = found.name("pid") {
                let nth = nth_of(&mut self.pids, pid.as_str());
                format!("{} PID-{nth}", &found["before"])
            } else if found.name("rate").is_some() {
                "RATE".to_owned()
            } else if let Some(user) = found.name("use") {
                format!("{} PART", user.as_str())
            } else {
                "TIME".to_owned()
            }
        });
        if keep_errors {
            return line.into_owned();
        }
        OS_ERROR.replace_all(&line, "OS-ERROR").into_owned()
    }
}

/// The place of `item` in `seen`, from 1; it is added if it is new.
fn nth_of(seen: &mut Vec<String>, item: &str) -> usize {
    let place = seen.iter().position(|known| known == item);
    place.unwrap_or_else(|| {
        seen.push(item.to_owned());
        seen.len() - 1
    }) + 1
}

/// Whether the line holds a system's error, which reads otherwise elsewhere.
pub fn has_os_error(line: &str) -> bool {
    OS_ERROR.is_match(line)
}

/// Writes the address of each of these `ports` as the default address.
pub fn write_default_addr(line: &str, ports: &[u16]) -> String {
    LOOPBACK
        .replace_all(line, |found: &Captures| {
            let is_ours =
                found[1].parse().is_ok_and(|port| ports.contains(&port));
            if is_ours { DEFAULT_ADDR } else { &found[0] }.to_owned()
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &[&str]) -> Vec<String> {
        let mut normal = Normaliser::default();
        lines.iter().map(|line| normal.line_on(line, true)).collect()
    }

    #[test]
    fn ports_are_numbered_as_they_come() {
        assert_eq!(
            all(&[
                "127.0.0.1:8989: 127.0.0.1:50001 came",
                "[::1]:50002 came",
                "127.0.0.1:50001 left"
            ]),
            [
                "127.0.0.1:8989: 127.0.0.1:PORT-1 came",
                "[::1]:PORT-2 came",
                "127.0.0.1:PORT-1 left"
            ]
        );
    }

    #[test]
    fn two_clients_that_change_places_differ() {
        let (a, b) = ("127.0.0.1:50001 left", "127.0.0.1:50002 left");
        assert_eq!(all(&[a, b, a]), all(&[b, a, b]));
        assert_ne!(all(&[a, b, a]), all(&[a, b, b]));
    }

    #[test]
    fn process_ids_and_times() {
        assert_eq!(
            all(&["I am pid 812, its parent is process 7; pid 812 again"]),
            ["I am pid PID-1, its parent is process PID-2; pid PID-1 again"]
        );
        assert_eq!(
            all(&["1.25 ms, 12 µs, 300ms, 3.4 s", "7 bytes, 3 sockets"]),
            ["TIME, TIME, TIME, TIME", "7 bytes, 3 sockets"]
        );
    }

    #[test]
    fn what_a_load_measures() {
        assert_eq!(
            all(&["1005 a second", "server 6 %, load itself 12 %", "92 %"]),
            ["RATE", "server PART, load itself PART", "92 %"]
        );
    }

    #[test]
    fn errors_are_kept_only_on_linux() {
        let mut normal = Normaliser::default();
        for (line, reduced) in [
            (
                "read says ConnectionReset: Connection reset (os error 104)",
                "read says ConnectionReset:OS-ERROR",
            ),
            (
                "ConnectionRefusedError: [Errno 111] Connection refused",
                "ConnectionRefusedError: OS-ERROR",
            ),
        ] {
            assert!(has_os_error(line));
            assert_eq!(normal.line_on(line, true), line);
            assert_eq!(normal.line_on(line, false), reduced);
        }
    }

    #[test]
    fn only_the_whole_real_port_becomes_the_default() {
        let line = "127.0.0.1:4000 and 127.0.0.1:40001, 127.0.0.1:400";
        assert_eq!(
            write_default_addr(line, &[4000, 400]),
            "127.0.0.1:8989 and 127.0.0.1:40001, 127.0.0.1:8989"
        );
    }
}
