//! Medians and quartiles.

use serde::{Deserialize, Serialize};

/// The middle of some numbers, and the middle half of them.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Spread {
    /// A quarter of them are smaller, ...
    pub lower: f64,
    /// ... a half, ...
    pub median: f64,
    /// ... three quarters.
    pub upper: f64,
}

impl Spread {
    /// Of these numbers, in any order; `None` if there is none.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        let last = numbers.len().checked_sub(1)?;
        // Between two of them where it falls between two.
        let at = |part: f64| {
            let place = part * last as f64;
            let (low, high) = (place.floor(), place.ceil());
            let (a, b) = (numbers[low as usize], numbers[high as usize]);
            a + (b - a) * (place - low)
        };
        Some(Spread { lower: at(0.25), median: at(0.5), upper: at(0.75) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_half() {
        assert_eq!(Spread::of([]), None);
        let spread = Spread::of([5.0, 1.0, 3.0, 2.0, 4.0]).expect("five");
        assert_eq!((spread.lower, spread.median, spread.upper), (2., 3., 4.));
        assert_eq!(Spread::of([1.0, 2.0]).map(|s| s.median), Some(1.5));
    }
}
