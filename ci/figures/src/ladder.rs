//! A ladder as the listings print it: a line for each segment, and for each
//! thing that a program does.

use std::sync::LazyLock;

use anyhow::{Context, bail};
use regex::Regex;

/// A line of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rung {
    /// In milliseconds, since the ladder's start.
    pub(crate) time: u64,
    /// What stands beside alice's end: a state, or nothing.
    pub(crate) left: String,
    /// What stands beside bob's end: a state, or bytes.
    pub(crate) right: String,
    /// What happened.
    pub(crate) what: What,
}

/// What a line of a ladder is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A program did something.
    Act(String),
    /// A segment was sent.
    Segment {
        /// What it says: `SYN seq 0`.
        words: String,
        /// Whether it goes from alice, on the left, to bob, on the right.
        to_the_right: bool,
        /// Whether it was lost on the way.
        lost: bool,
    },
}

/// `  0.010 s  SYN-SENT     x── SYN+ACK seq 0 ack 1         ←── SYN-RECEIVED`
static SEGMENT: LazyLock<Regex> = LazyLock::new(|| {
    let arrow = "──→|──x|←──|x──";
    let line = format!(
        r"^ *(\d+)\.(\d{{3}}) s  (?:(\S.*?) +)?({arrow}) (.*?) +({arrow})(?: (.*))?$"
    );
    Regex::new(&line).expect("it is a regular expression")
});

/// `  0.000 s  CLOSED          (bob listens, alice connects)      LISTEN`
static ACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ *(\d+)\.(\d{3}) s  (\S*) +\((.*)\)(?: +(\S+))?$")
        .expect("it is a regular expression")
});

/// Reads the lines of a ladder. Lines that do not begin with a time, such as
/// the last word of a program, are no part of it.
pub(crate) fn read(lines: &[String]) -> anyhow::Result<Vec<Rung>> {
    lines
        .iter()
        .filter(|line| line.get(7..9) == Some(" s"))
        .map(|line| rung(line).with_context(|| format!("not a rung: {line}")))
        .collect()
}

fn rung(line: &str) -> anyhow::Result<Rung> {
    if let Some(found) = SEGMENT.captures(line) {
        let text = |i| found.get(i).map_or("", |it| it.as_str()).to_string();
        let (near, far) = (text(4), text(6));
        let (to_the_right, lost) = match (&*near, &*far) {
            ("──→", "──→") => (true, false),
            ("──→", "──x") => (true, true),
            ("←──", "←──") => (false, false),
            ("x──", "←──") => (false, true),
            _ => bail!("the arrows {near} and {far} do not go together"),
        };
        return Ok(Rung {
            time: millis(&text(1), &text(2))?,
            left: text(3),
            right: text(7),
            what: What::Segment { words: text(5), to_the_right, lost },
        });
    }
    let found = ACT.captures(line).context("neither segment nor act")?;
    let text = |i| found.get(i).map_or("", |it| it.as_str()).to_string();
    Ok(Rung {
        time: millis(&text(1), &text(2))?,
        left: text(3),
        right: text(5),
        what: What::Act(text(4)),
    })
}

fn millis(seconds: &str, thousandths: &str) -> anyhow::Result<u64> {
    Ok(seconds.parse::<u64>()? * 1000 + thousandths.parse::<u64>()?)
}

/// The time as the listings print it, without the unit.
pub(crate) fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

impl Rung {
    /// What a reader who does not see the picture is told.
    pub(crate) fn in_words(&self) -> String {
        let time = seconds(self.time);
        let ends = |left: &str, right: &str| match (left, right) {
            ("", "") => String::new(),
            ("", right) => format!(" Bob {right}."),
            (left, "") => format!(" Alice {left}."),
            (left, right) => format!(" Alice {left}, bob {right}."),
        };
        match &self.what {
            What::Act(what) => {
                let ends = ends(&self.left, &self.right);
                format!("{time} s: {what}.{ends}")
            }
            What::Segment { words, to_the_right, lost } => {
                let who = if *to_the_right { "alice" } else { "bob" };
                let lost = if *lost { ", lost" } else { "" };
                let ends = ends(&self.left, &self.right);
                format!("{time} s: {who}: {words}{lost}.{ends}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(line: &str) -> Rung {
        read(&[line.into()]).unwrap().remove(0)
    }

    #[test]
    fn a_segment_has_its_states() {
        let line = "  1.010 s  SYN-SENT     x── SYN+ACK seq 0 ack 1               \
             ←── SYN-RECEIVED";
        let expected = Rung {
            time: 1010,
            left: "SYN-SENT".into(),
            right: "SYN-RECEIVED".into(),
            what: What::Segment {
                words: "SYN+ACK seq 0 ack 1".into(),
                to_the_right: false,
                lost: true,
            },
        };
        assert_eq!(read_one(line), expected);
        assert_eq!(
            expected.in_words(),
            "1.010 s: bob: SYN+ACK seq 0 ack 1, lost. \
             Alice SYN-SENT, bob SYN-RECEIVED."
        );
    }

    #[test]
    fn a_segment_may_stand_without_states() {
        let rung = read_one("  0.020 s  ←── ACK seq 1 ack 5             ←──");
        assert_eq!((&*rung.left, &*rung.right), ("", ""));
    }

    #[test]
    fn an_act_is_no_segment() {
        let line = " 10.060 s  CLOSED            (alice waits)       CLOSED";
        let rung = read_one(line);
        assert_eq!(rung.what, What::Act("alice waits".into()));
        assert_eq!((rung.time, &*rung.right), (10060, "CLOSED"));
        let rung = read_one("  0.020 s  CLOSED           (alice connects)");
        assert_eq!((&*rung.left, &*rung.right), ("CLOSED", ""));
        let rung = read_one("  0.000 s                (bob listens)   LISTEN");
        assert_eq!((&*rung.left, &*rung.right), ("", "LISTEN"));
    }

    #[test]
    fn a_line_that_only_looks_like_a_rung_is_refused() {
        let line = "  0.020 s  ──→ SYN seq 0 ←── LISTEN".to_string();
        let error = read(&[line]).unwrap_err();
        assert!(error.to_string().starts_with("not a rung:"), "{error}");
        assert!(read(&["  0.020 s  nothing".into()]).is_err());
    }
}
