//! Figures with their units, as they stand in a table.

use std::fmt::{self, Display};

use crate::weights::Size;

/// A time in seconds.
pub struct Seconds(pub f64);

impl Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seconds(seconds) = *self;
        let digits = match seconds {
            ..9.995 => 2,
            ..99.95 => 1,
            _ => 0,
        };
        write!(f, "{seconds:.digits$} s")
    }
}

/// Bytes, shown in kB, which are 1,000 of them.
pub struct Kb(pub u64);

impl Display for Kb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kb(bytes) = *self;
        match bytes {
            0 => write!(f, "0"),
            1..9_950 => write!(f, "{:.1}", bytes as f64 / 1000.0),
            _ => write!(f, "{}", (bytes + 500) / 1000),
        }
    }
}

/// Both of a size: two cells of a table.
pub struct Pair(pub Size);

impl Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {}", Kb(self.0.raw), Kb(self.0.gzip))
    }
}

/// How many there are, and their bytes.
pub struct Counted(pub usize, pub u64);

impl Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", Kb(self.1), self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_enough() {
        let seconds = [0.123, 9.99, 9.999, 43.21, 99.96, 512.3];
        let shown = seconds.map(|time| Seconds(time).to_string());
        let right = ["0.12 s", "9.99 s", "10.0 s", "43.2 s", "100 s", "512 s"];
        assert_eq!(shown, right);
        let bytes = [0, 40, 949, 9_949, 9_950, 61_499, 1_234_567];
        let shown = bytes.map(|bytes| Kb(bytes).to_string());
        assert_eq!(shown, ["0", "0.0", "0.9", "9.9", "10", "61", "1235"]);
    }
}
