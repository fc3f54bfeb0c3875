//! A logarithmic axis.

use crate::chart::Unit;

/// Where numbers lie between two ends.
pub(super) struct Axis {
    low: f64,
    high: f64,
    /// Where the low end and the high end are drawn.
    from: f64,
    to: f64,
    unit: Unit,
}

impl Axis {
    /// With room for all these numbers, which are above 0; `None` if there is
    /// none.
    pub(super) fn new(
        numbers: &[f64],
        unit: Unit,
        from: f64,
        to: f64,
    ) -> Option<Axis> {
        let numbers = numbers.iter().copied().filter(|number| *number > 0.0);
        let low = numbers.clone().min_by(f64::total_cmp)?;
        let high = numbers.max_by(f64::total_cmp)?;
        // Half a tick of room, and more than one tick in between.
        let (low, high) = (low / 1.12, high * 1.12);
        let (low, high) = match unit {
            Unit::Ratio => (low.min(0.8), high.max(1.6)),
            _ if high / low < 4.0 => (low / 1.5, high * 1.5),
            _ => (low, high),
        };
        Some(Axis { low, high, from, to, unit })
    }

    /// Where a number is drawn.
    pub(super) fn at(&self, number: f64) -> f64 {
        let number = number.clamp(self.low, self.high);
        let part = (number / self.low).ln() / (self.high / self.low).ln();
        self.from + part * (self.to - self.from)
    }

    /// Round numbers in between, and their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let decades = (self.high / self.low).log10();
        let steps: &[f64] = match decades {
            ..0.5 => &[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
            ..1.2 => &[1.0, 1.5, 2.0, 3.0, 5.0, 8.0],
            ..3.0 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let round = |exponent: i32| match self.unit {
            // 64 B, 256 B, 1 KiB, 4 KiB
            Unit::Bytes => vec![4_f64.powi(exponent)],
            _ => steps.iter().map(|it| it * 10_f64.powi(exponent)).collect(),
        };
        (-10..20)
            .flat_map(round)
            .filter(|number| (self.low..=self.high).contains(number))
            .map(|number| (self.at(number), self.label(number)))
            .collect()
    }

    /// As short as it can be.
    fn label(&self, number: f64) -> String {
        let short = |number: f64| {
            let text = format!("{:.3}", number);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match self.unit {
            Unit::Ratio | Unit::Count => short(number),
            Unit::Core => format!("{} %", short(100.0 * number)),
            Unit::Rate if number >= 1e6 => format!("{} M", short(number / 1e6)),
            Unit::Rate if number >= 1e3 => format!("{} k", short(number / 1e3)),
            Unit::Rate => short(number),
            Unit::Bytes if number >= 1024.0 => {
                format!("{} KiB", short(number / 1024.0))
            }
            Unit::Bytes => format!("{} B", short(number)),
            Unit::Micros if number >= 1e6 => {
                format!("{} s", short(number / 1e6))
            }
            Unit::Micros if number >= 1e3 => {
                format!("{} ms", short(number / 1e3))
            }
            Unit::Micros => format!("{} µs", short(number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(numbers: &[f64], unit: Unit) -> Vec<String> {
        let axis = Axis::new(numbers, unit, 0.0, 100.0);
        let ticks = axis.expect("there are numbers").ticks();
        ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_lie_between() {
        let ratio = ["0.8", "1", "1.2", "1.5", "2"];
        assert_eq!(labels(&[0.95, 1.9], Unit::Ratio), ratio);
        let micros = ["20 µs", "50 µs", "100 µs", "200 µs", "500 µs", "1 ms"];
        assert_eq!(labels(&[17.0, 1_000.0], Unit::Micros), micros);
        let bytes = ["256 B", "1 KiB", "4 KiB", "16 KiB"];
        assert_eq!(labels(&[100.0, 20_000.0], Unit::Bytes), bytes);
    }

    #[test]
    fn the_ends_are_far_apart_and_nothing_lies_beyond() {
        let numbers = [1.0, 10.0, 100.0];
        let axis = Axis::new(&numbers, Unit::Rate, 0.0, 100.0);
        let axis = axis.expect("there are numbers");
        assert!((axis.at(10.0) - 50.0).abs() < 1e-6);
        assert!(0.0 < axis.at(1.0) && axis.at(100.0) < 100.0);
        assert_eq!(axis.at(1e9), 100.0);
        assert!(Axis::new(&[], Unit::Rate, 0.0, 1.0).is_none());
    }
}
