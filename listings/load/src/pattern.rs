//! The bytes that travel: every connection sends a stretch of one long row of
//! made-up bytes, each from another place in it, so that an answer that is
//! not its own, or is out of order, is noticed.

/// A prime, so that the row's period fits no size of message or buffer.
const PERIOD: usize = 65_521;

/// A row of made-up bytes that repeats after 65,521.
pub struct Pattern(Vec<u8>);

impl Pattern {
    /// A row that gives up to `longest` bytes at once.
    pub fn new(longest: usize) -> Pattern {
        // Marsaglia's xorshift; the seed does not matter.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let period: Vec<u8> = (0..PERIOD)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as u8
            })
            .collect();
        let row = period.iter().copied().cycle();
        Pattern(row.take(PERIOD + longest).collect())
    }

    /// The `len` bytes that stand at a place of the row.
    pub fn at(&self, place: u64, len: usize) -> &[u8] {
        let from = (place % PERIOD as u64) as usize;
        &self.0[from..from + len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_over_its_end() {
        let pattern = Pattern::new(10);
        let end = PERIOD as u64 - 3;
        assert_eq!(pattern.at(end, 10)[3..], *pattern.at(0, 7));
        assert_ne!(pattern.at(0, 10), pattern.at(1, 10));
    }
}
