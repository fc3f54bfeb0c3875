//! What was measured; as a file it is JSON.

use load::{Numbers, Spread};
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::scene::Scene;

/// Everything that was measured.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Results {
    /// On which machine.
    pub machine: Machine,
    /// Whether it took the time to be printed (`--full`).
    pub full: bool,
    /// Whether all steps were measured.
    pub complete: bool,
    /// What came out of each step.
    pub steps: Vec<Outcome>,
    /// What a reader of the numbers has to know.
    pub notes: Vec<String>,
}

/// What came out of a step.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Outcome {
    /// The question.
    pub scene: Scene,
    /// What was asked for: connections, bytes, microseconds.
    pub x: usize,
    /// What was done: fewer connections, where the system allows no more.
    pub done: usize,
    /// One for each server that was measured.
    pub servers: Vec<Measured>,
    /// The first server against itself, for each repetition.
    pub itself: Vec<Spread>,
    /// The part of a core that other programs used, for each repetition.
    pub others: Vec<f64>,
}

/// What was measured of one server.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Measured {
    /// Which.
    pub name: String,
    /// What it did wrong; then no number counts.
    pub fault: Option<String>,
    /// What `load` has measured, for each repetition.
    pub numbers: Vec<Numbers>,
    /// What was counted, for each repetition: system calls a request, or the
    /// part of a core.
    pub counted: Vec<f64>,
}

impl Results {
    /// What came out of the steps of a scene.
    pub fn of(&self, scene: Scene) -> impl Iterator<Item = &Outcome> {
        self.steps.iter().filter(move |step| step.scene == scene)
    }

    /// What was measured of a server at one step.
    pub fn at(&self, scene: Scene, x: usize, name: &str) -> Option<&Measured> {
        let mut steps = self.of(scene).filter(|step| step.x == x);
        steps.find_map(|step| step.named(name))
    }

    /// As JSON.
    ///
    /// # Errors
    ///
    /// Where a number has no JSON.
    pub fn to_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Outcome {
    /// What was measured of a server.
    pub fn named(&self, name: &str) -> Option<&Measured> {
        self.servers.iter().find(|server| server.name == name)
    }

    /// Those that could have answered more than they were asked, by most of
    /// the repetitions.
    pub fn limited(&self) -> impl Iterator<Item = &str> {
        let limited = self.servers.iter().filter(|server| {
            let all = server.numbers.len();
            let numbers = server.numbers.iter();
            2 * numbers.filter(|it| it.generator_was_limit()).count() > all
        });
        limited.map(|server| &*server.name)
    }
}

impl Measured {
    /// The median, over the repetitions, of one of its numbers; `None` if it
    /// did wrong, or if that number is not known.
    pub fn median(&self, number: fn(&Numbers) -> Option<f64>) -> Option<f64> {
        let numbers = self.numbers.iter().map(number);
        self.middle(numbers.collect::<Option<Vec<f64>>>()?)
    }

    /// The median of what was counted.
    pub fn count(&self) -> Option<f64> {
        self.middle(self.counted.clone())
    }

    fn middle(&self, values: Vec<f64>) -> Option<f64> {
        if self.fault.is_some() {
            return None;
        }
        Spread::of(values).map(|spread| spread.median)
    }
}
