//! Bytes that show where they belong.

use anyhow::bail;

/// Bytes without an end that repeat only after a prime number of bytes, so
/// that a piece that is lost, doubled or misplaced is seen.
#[derive(Clone, Debug)]
pub struct Pattern {
    block: Vec<u8>,
}

impl Pattern {
    /// The pattern number `seed`; another number gives other bytes.
    pub fn new(seed: u32) -> Pattern {
        let mut state = seed;
        let block = (0..65_521)
            .map(|_| {
                // The linear congruential generator of Numerical Recipes.
                state =
                    state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        Pattern { block }
    }

    /// Some of the bytes from `offset` on; at least one.
    pub fn from(&self, offset: u64) -> &[u8] {
        let period = self.block.len() as u64;
        let place = usize::try_from(offset % period)
            .expect("a place in the block is a usize");
        &self.block[place..]
    }

    /// The first `len` bytes.
    pub fn first(&self, len: usize) -> Vec<u8> {
        self.block.iter().copied().cycle().take(len).collect()
    }

    /// Whether `bytes` are those from `offset` on.
    ///
    /// # Errors
    ///
    /// With the place of the first byte that is another.
    pub fn check(&self, offset: u64, bytes: &[u8]) -> anyhow::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            let here = offset + done as u64;
            let expected = self.from(here);
            let len = expected.len().min(bytes.len() - done);
            let (got, expected) = (&bytes[done..done + len], &expected[..len]);
            if got != expected {
                let at = (0..len).find(|&i| got[i] != expected[i]);
                let place = here + at.unwrap_or_default() as u64;
                bail!("byte {place} of the echo is wrong");
            }
            done += len;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_sees_a_lost_and_a_changed_byte() {
        let pattern = Pattern::new(1);
        let bytes = pattern.first(200_000);
        pattern.check(0, &bytes).expect("it is the pattern");
        pattern.check(7, &bytes[7..]).expect("it is the pattern");

        let mut lost = bytes.clone();
        lost.remove(100_000);
        let error = pattern.check(0, &lost).expect_err("one is lost");
        assert_eq!(error.to_string(), "byte 100000 of the echo is wrong");
        let mut changed = bytes.clone();
        changed[199_999] ^= 1;
        let error = pattern.check(0, &changed).expect_err("one is changed");
        assert_eq!(error.to_string(), "byte 199999 of the echo is wrong");
        assert_ne!(Pattern::new(2).first(100), bytes[..100]);
    }
}
