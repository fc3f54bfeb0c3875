//! What is measured: scenes, and their steps.

use std::time::Duration;

use clap::ValueEnum;
use load::{Plan, Talk};
use serde::{Deserialize, Serialize};

use crate::models::{MODELS, Model};

/// A question to the servers.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// More and more connections that talk
    Active,
    /// A fixed rate, and more and more connections that are silent
    Idle,
    /// Nobody talks
    Silence,
    /// The memory of a connection
    Memory,
    /// System calls a request
    Calls,
    /// Messages of 16 KiB
    Size,
    /// Sixteen requests under way on each connection
    Pipelined,
    /// One core and two, with and without work to do
    Cores,
}

impl Scene {
    /// What it is called in the command line.
    pub fn option(self) -> String {
        let value = self.to_possible_value();
        value.map_or(String::new(), |value| value.get_name().to_owned())
    }
}

/// The connections that talk where nothing else is asked.
pub const USUAL: usize = 50;
/// The most connections.
pub const MANY: usize = 10_000;
/// The bytes of a message where nothing else is asked.
pub const SIZE: usize = 64;
/// The bytes of a large message.
pub const LARGE: usize = 16 * 1024;
/// Requests under way on a connection, where they are pipelined.
pub const DEPTH: usize = 16;
/// Requests a second in the scene with idle connections, on so many others.
pub const RATE: f64 = 5000.0;
/// The connections that talk in that scene.
pub const TALKING: usize = 10;
/// The silent connections where nobody talks.
pub const SILENT: usize = 1000;
/// The work of a request, in microseconds.
pub const WORK_US: usize = 50;

/// A measurement: of these servers, driven in turn.
#[derive(Clone, Debug)]
pub struct Step {
    /// The question.
    pub scene: Scene,
    /// What differs from step to step: connections, bytes, microseconds.
    pub x: usize,
    /// What the clients do.
    pub plan: Plan,
    /// Who is measured; the first is the one to compare with.
    pub entries: Vec<Entry>,
}

/// A server in a step.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Which.
    pub model: &'static Model,
    /// On how many cores.
    pub cores: usize,
    /// With how much work.
    pub work_us: usize,
}

/// How much time there is.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often a step is measured, each time with new processes.
    pub repetitions: usize,
    /// How often each server has its turn.
    pub rounds: usize,
    /// How long a turn is measured.
    pub slice: Duration,
    /// How long it has lasted before.
    pub warm_up: Duration,
    /// How long servers are observed while nobody talks.
    pub silence: Duration,
    /// So many servers, at least, are measured at the same time. Where they
    /// cannot have all the connections that a step wants, they have fewer: to
    /// open them again and again takes most of the time.
    pub together: usize,
}

impl Step {
    /// In a few words.
    pub fn title(&self) -> String {
        let x = self.x;
        match self.scene {
            Scene::Active => format!("{x} connections that talk"),
            Scene::Idle => format!("{x} connections that are silent"),
            Scene::Silence => "nobody talks".to_owned(),
            Scene::Memory => format!("the memory of {x} connections"),
            Scene::Calls => "system calls".to_owned(),
            Scene::Size => format!("messages of {x} bytes"),
            Scene::Pipelined => format!("{x} requests at once"),
            Scene::Cores => {
                let name = self.entries[0].model.name;
                format!("{name} on two cores, with {x} µs of work")
            }
        }
    }
}

impl Entry {
    /// What the results call it.
    pub fn name(&self) -> String {
        match self.cores {
            1 => self.model.name.to_owned(),
            cores => on_cores(self.model.name, cores),
        }
    }
}

/// What the results call a server that has several cores.
pub fn on_cores(name: &str, cores: usize) -> String {
    format!("{name}, {cores} cores")
}

impl Effort {
    /// Enough to see what is what.
    pub const QUICK: Effort = Effort::new(1, 3, 30, 6, 400, 3);
    /// Enough to print it.
    pub const FULL: Effort = Effort::new(3, 15, 100, 20, 2000, 2);

    const fn new(
        repetitions: usize,
        rounds: usize,
        slice: u64,
        warm_up: u64,
        silence: u64,
        together: usize,
    ) -> Effort {
        Effort {
            repetitions,
            rounds,
            slice: Duration::from_millis(slice),
            warm_up: Duration::from_millis(warm_up),
            silence: Duration::from_millis(silence),
            together,
        }
    }

    fn plan(self) -> Plan {
        Plan {
            talk: Talk { size: SIZE, depth: 1, rate: None },
            active: USUAL,
            idle: 0,
            rounds: self.rounds,
            slice: self.slice,
            warm_up: self.warm_up,
            pin: true,
        }
    }
}

/// All steps of these scenes, with these servers.
pub fn steps(
    scenes: &[Scene],
    models: &[&'static Model],
    effort: Effort,
) -> Vec<Step> {
    let usual = effort.plan();
    let talk = usual.talk;
    let mut steps = Vec::new();
    let mut add = |scene, x, plan: Plan| {
        let serves = |m: &&&'static Model| m.clients >= plan.active + plan.idle;
        let entries = models.iter().filter(serves);
        let entry = |model| Entry { model, cores: 1, work_us: 0 };
        let entries: Vec<Entry> = entries.copied().map(entry).collect();
        if !entries.is_empty() {
            steps.push(Step { scene, x, plan, entries });
        }
    };
    for scene in scenes {
        match scene {
            Scene::Active => {
                for active in [1, USUAL, 1_000, MANY] {
                    add(Scene::Active, active, Plan { active, ..usual });
                }
            }
            Scene::Idle => {
                let talk = Talk { rate: Some(RATE), ..talk };
                for idle in [0, 10, 100, 1_000, MANY] {
                    let plan = Plan { talk, active: TALKING, idle, ..usual };
                    add(Scene::Idle, idle, plan);
                }
            }
            Scene::Silence => {
                let plan = Plan { active: 0, idle: SILENT, ..usual };
                add(Scene::Silence, SILENT, plan);
            }
            Scene::Memory => {
                let plan = Plan { active: 0, idle: MANY, ..usual };
                add(Scene::Memory, MANY, plan);
            }
            Scene::Calls => add(Scene::Calls, USUAL, usual),
            Scene::Size => {
                let talk = Talk { size: LARGE, ..talk };
                add(Scene::Size, LARGE, Plan { talk, ..usual });
            }
            Scene::Pipelined => {
                let talk = Talk { depth: DEPTH, ..talk };
                add(Scene::Pipelined, DEPTH, Plan { talk, ..usual });
            }
            Scene::Cores => {}
        }
    }
    if scenes.contains(&Scene::Cores) {
        steps.extend(cores(models, usual));
    }
    steps
}

/// Each server alone: with one core, and with two.
fn cores(models: &[&'static Model], plan: Plan) -> impl Iterator<Item = Step> {
    let able = models.iter().filter(|model| model.has_threads());
    able.flat_map(move |&model| {
        [0, WORK_US].map(|work_us| {
            let entry = |cores| Entry { model, cores, work_us };
            let entries = vec![entry(1), entry(2)];
            Step { scene: Scene::Cores, x: work_us, plan, entries }
        })
    })
}

/// Every scene.
pub const SCENES: &[Scene] = &[
    Scene::Active,
    Scene::Idle,
    Scene::Silence,
    Scene::Memory,
    Scene::Calls,
    Scene::Size,
    Scene::Pipelined,
    Scene::Cores,
];

/// Every server.
pub fn all_models() -> Vec<&'static Model> {
    MODELS.iter().collect()
}
