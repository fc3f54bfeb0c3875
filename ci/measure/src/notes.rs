//! What a reader of the numbers has to know.

use crate::results::{Measured, Outcome, middle};
use crate::scene::Entry;

impl Outcome {
    /// What disturbed the step, or limited it.
    pub(crate) fn to_be_noted(&self, entries: &[Entry]) -> Vec<String> {
        let mut notes = Vec::new();
        let percent = |part: f64| format!("{:.0} %", 100.0 * part);
        let limited = entries.iter().filter(|entry| {
            let server = self.named(&entry.name());
            server.is_some_and(|it| it.is_limited(entry.cores))
        });
        let limited: Vec<String> = limited.map(Entry::name).collect();
        if !limited.is_empty() {
            notes.push(format!(
                "the generator was the limit for {}; their rate could be \
                 higher, and their CPU time a request a little lower",
                limited.join(", ")
            ));
        }
        let itself = self.itself.iter().map(|it| it.median);
        let itself = (middle(itself).unwrap_or(1.0) - 1.0).abs();
        if itself > 0.03 {
            notes.push(format!(
                "{} differed from itself by {}: smaller differences between \
                 servers mean nothing",
                self.reference,
                percent(itself)
            ));
        }
        let others = middle(self.others.iter().copied()).unwrap_or(0.0);
        if others > 0.1 {
            notes.push(format!(
                "other programs used {} of a core meanwhile",
                percent(others)
            ));
        }
        notes
    }
}

impl Measured {
    /// Whether it could have answered more than it was asked, in most of the
    /// repetitions.
    fn is_limited(&self, cores: usize) -> bool {
        let numbers = self.numbers.iter();
        let limited = numbers.filter(|it| it.generator_was_limit(cores));
        2 * limited.count() > self.numbers.len()
    }
}
