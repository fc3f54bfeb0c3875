//! What has come out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::stats::Spread;
use crate::subject::{Slice, Subject};

/// The results of all servers, the reference first.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Outcome {
    /// One for each server.
    pub servers: Vec<Measured>,
    /// The reference against itself: CPU time a request, round by round.
    pub itself: Option<Spread>,
    /// Whether servers and generator had a core each.
    pub pinned: bool,
    /// The part of a core that other programs used meanwhile.
    pub others: Option<f64>,
    /// What a reader of the numbers has to know.
    pub notes: Vec<String>,
}

/// The result of one server.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Measured {
    /// What it is called.
    pub name: String,
    /// What it did wrong; then there are no numbers.
    pub fault: Option<String>,
    /// What was measured.
    pub numbers: Option<Numbers>,
}

/// The numbers of one server.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Numbers {
    /// The server's CPU time a request, in microseconds: of the slices.
    pub cpu_us: Option<Spread>,
    /// The same, divided by that of the reference in the same round (the
    /// geometric mean of its two turns); `None` for the reference.
    pub cpu_ratio: Option<Spread>,
    /// Requests a second, by the time that really passed.
    pub rate: f64,
    /// The same, divided by that of the reference in the same round (as for
    /// CPU time); `None` for the reference.
    pub rate_ratio: Option<Spread>,
    /// The requests that were answered.
    pub requests: u64,
    /// How long answers took, in microseconds: half of them less, ...
    pub p50_us: f64,
    /// ... 99 of 100, ...
    pub p99_us: f64,
    /// ... 999 of 1,000, ...
    pub p999_us: f64,
    /// ... and the longest.
    pub max_us: f64,
    /// The part of a core that the server used.
    pub server_core: Option<f64>,
    /// The part of its core that the generator used.
    pub generator_core: f64,
    /// The generator's CPU time a request, in microseconds.
    pub generator_us: f64,
    /// Memory of the server for each connection, in bytes.
    pub memory: Option<f64>,
}

impl Outcome {
    pub(crate) fn new(
        servers: Vec<Measured>,
        reference: &Subject,
        again: &[Slice],
        pinned: bool,
        others: Option<f64>,
        notes: Vec<String>,
    ) -> Outcome {
        let itself = match reference.fault {
            Some(_) => None,
            None => {
                ratio(again.iter().map(cpu), reference.slices.iter().map(cpu))
            }
        };
        Outcome { servers, itself, pinned, others, notes }
    }
}

impl Measured {
    pub(crate) fn new(
        subject: &Subject,
        reference: &Subject,
        again: &[Slice],
        notes: &mut Vec<String>,
    ) -> Measured {
        let name = subject.server.name.clone();
        if let Some(fault) = &subject.fault {
            let fault = Some(fault.to_string());
            return Measured { name, fault, numbers: None };
        }
        let numbers = Numbers::new(subject, reference, again);
        if numbers.cpu_us.is_none() {
            notes.push(format!(
                "{name}: its CPU time is not known: there is not exactly one \
                 process that listens there, among those that we may look into"
            ));
        }
        Measured { name, fault: None, numbers: Some(numbers) }
    }
}

impl Numbers {
    /// Whether the generator could not send more while the server, which has
    /// so many cores, could have answered more. Its rate could be higher then;
    /// and with more requests at each wait, CPU time a request a little lower.
    pub fn generator_was_limit(&self, cores: usize) -> bool {
        let room = 0.9 * cores as f64;
        self.generator_core > 0.9 && self.server_core.unwrap_or(room) < room
    }

    fn new(subject: &Subject, reference: &Subject, again: &[Slice]) -> Numbers {
        let slices = &subject.slices;
        let sum = |part: fn(&Slice) -> Duration| {
            slices.iter().map(part).sum::<Duration>().as_secs_f64()
        };
        let requests: u64 = slices.iter().map(|slice| slice.requests).sum();
        let elapsed = sum(|slice| slice.elapsed);
        let known = slices.iter().all(|slice| slice.server.is_some());
        let server = sum(|slice| slice.server.unwrap_or_default());
        let generator = sum(|slice| slice.generator);
        let is_compared =
            !std::ptr::eq(subject, reference) && reference.fault.is_none();
        let compared = |number: fn(&Slice) -> Option<f64>| {
            let both = reference.slices.iter().zip(again);
            let both =
                both.map(|(a, b)| Some((number(a)? * number(b)?).sqrt()));
            is_compared
                .then(|| ratio(slices.iter().map(number), both))
                .flatten()
        };
        let percentile =
            |part| subject.latency.value_at_quantile(part) as f64 / 1e3;
        Numbers {
            cpu_us: Spread::of(slices.iter().filter_map(cpu)),
            cpu_ratio: compared(cpu),
            rate: requests as f64 / elapsed,
            rate_ratio: compared(rate),
            requests,
            p50_us: percentile(0.5),
            p99_us: percentile(0.99),
            p999_us: percentile(0.999),
            max_us: subject.latency.max() as f64 / 1e3,
            server_core: known.then_some(server / elapsed),
            generator_core: generator / elapsed,
            generator_us: generator * 1e6 / requests as f64,
            memory: subject.memory,
        }
    }
}

/// A number of the slices, round by round, in proportion to that of others.
fn ratio(
    slices: impl IntoIterator<Item = Option<f64>>,
    others: impl IntoIterator<Item = Option<f64>>,
) -> Option<Spread> {
    let pairs = slices.into_iter().zip(others);
    Spread::of(pairs.filter_map(|(a, b)| Some(a? / b?)))
}

/// The server's CPU time a request, in microseconds.
fn cpu(slice: &Slice) -> Option<f64> {
    Some(slice.server?.as_secs_f64() * 1e6 / slice.requests as f64)
}

/// Requests a second.
fn rate(slice: &Slice) -> Option<f64> {
    Some(slice.requests as f64 / slice.elapsed.as_secs_f64())
}
