//! What was measured; as a file it is JSON.

use load::{Numbers, Spread};
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::scene::{Scene, Step};

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
    /// What a reader of all the numbers has to know.
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
    /// The server that the others are compared with.
    #[serde(default)]
    pub reference: String,
    /// One for each server that was measured.
    pub servers: Vec<Measured>,
    /// The first server against itself, for each repetition.
    pub itself: Vec<Spread>,
    /// The part of a core that other programs used, for each repetition.
    pub others: Vec<f64>,
    /// What a reader of the numbers has to know.
    #[serde(default)]
    pub notes: Vec<String>,
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

    /// With those of some steps in place of its own.
    pub fn with(self, other: Results) -> Results {
        let which =
            |step: &Outcome| (step.scene, step.x, step.reference.clone());
        let new: Vec<_> = other.steps.iter().map(which).collect();
        let old = self.steps.into_iter().filter(|it| !new.contains(&which(it)));
        let mut steps: Vec<Outcome> = old.collect();
        steps.extend_from_slice(&other.steps);
        steps.sort_by_key(|step| (step.scene, step.x));
        Results { steps, ..other }
    }

    /// What a reader of the numbers has to know of all of them, and of a step;
    /// each once.
    pub fn all_notes(&self) -> Vec<&String> {
        let mut all = Vec::new();
        let steps = self.steps.iter().flat_map(|step| &step.notes);
        for note in self.notes.iter().chain(steps) {
            if !all.contains(&note) {
                all.push(note);
            }
        }
        all
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
    /// For what will be measured.
    pub(crate) fn new(step: &Step, done: usize) -> Outcome {
        Outcome {
            scene: step.scene,
            x: step.x,
            done,
            reference: step.entries[0].name(),
            servers: Vec::new(),
            itself: Vec::new(),
            others: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether that server has no fault, up to now.
    pub(crate) fn is_sound(&self, name: &str) -> bool {
        self.named(name).is_none_or(|server| server.fault.is_none())
    }

    /// Where the results of a server go.
    pub(crate) fn of(&mut self, name: &str) -> &mut Measured {
        let place = self.servers.iter().position(|it| it.name == name);
        let place = place.unwrap_or_else(|| {
            let name = name.to_owned();
            self.servers.push(Measured { name, ..Measured::default() });
            self.servers.len() - 1
        });
        &mut self.servers[place]
    }

    /// What was measured of a server.
    pub fn named(&self, name: &str) -> Option<&Measured> {
        self.servers.iter().find(|server| server.name == name)
    }
}

impl Measured {
    /// Takes what was counted, or why nothing was.
    pub(crate) fn counts(&mut self, result: Result<f64, String>) {
        match result {
            Ok(number) => self.counted.push(number),
            Err(why) => self.fault = Some(why),
        }
    }

    /// The median, over the repetitions, of one of its numbers; `None` if it
    /// did wrong, or if that number is not known.
    pub fn median(&self, number: fn(&Numbers) -> Option<f64>) -> Option<f64> {
        self.sound(self.numbers.iter().filter_map(number))
    }

    /// The median of what was counted; `None` if it did wrong.
    pub fn count(&self) -> Option<f64> {
        self.sound(self.counted.iter().copied())
    }

    fn sound(&self, values: impl Iterator<Item = f64>) -> Option<f64> {
        self.fault.is_none().then(|| middle(values)).flatten()
    }
}

/// The median.
pub(crate) fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    Spread::of(values).map(|spread| spread.median)
}
