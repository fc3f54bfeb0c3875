//! What is measured: scenes, and their steps.

use std::time::Duration;

use clap::ValueEnum;
use load::{Plan, Talk};
use serde::{Deserialize, Serialize};

use crate::models::Model;

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
    pub const QUICK: Effort = Effort {
        repetitions: 1,
        rounds: 3,
        slice: Duration::from_millis(30),
        warm_up: Duration::from_millis(6),
        silence: Duration::from_millis(400),
        together: 3,
    };
    /// Enough to print it.
    pub const FULL: Effort = Effort {
        repetitions: 3,
        rounds: 15,
        slice: Duration::from_millis(100),
        warm_up: Duration::from_millis(20),
        silence: Duration::from_secs(2),
        together: 2,
    };

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
    let steps = scenes.iter().flat_map(|scene| of_scene(*scene, models, usual));
    steps.collect()
}

fn of_scene(scene: Scene, models: &[&'static Model], usual: Plan) -> Vec<Step> {
    let talk = usual.talk;
    let step = |x, plan| step(scene, x, plan, models);
    let steps = match scene {
        Scene::Active => [1, USUAL, 1_000, MANY]
            .map(|active| step(active, Plan { active, ..usual }))
            .to_vec(),
        Scene::Idle => {
            let talk = Talk { rate: Some(RATE), ..talk };
            let plan = Plan { talk, active: TALKING, ..usual };
            [0, 10, 100, 1_000, MANY]
                .map(|idle| step(idle, Plan { idle, ..plan }))
                .to_vec()
        }
        Scene::Silence | Scene::Memory => {
            let idle = if scene == Scene::Memory { MANY } else { SILENT };
            vec![step(idle, Plan { active: 0, idle, ..usual })]
        }
        Scene::Calls => vec![step(USUAL, usual)],
        Scene::Size => {
            let talk = Talk { size: LARGE, ..talk };
            vec![step(LARGE, Plan { talk, ..usual })]
        }
        Scene::Pipelined => {
            let talk = Talk { depth: DEPTH, ..talk };
            vec![step(DEPTH, Plan { talk, ..usual })]
        }
        Scene::Cores => return cores(models, usual),
    };
    steps.into_iter().flatten().collect()
}

/// With all servers that serve so many clients; `None` if there is none.
fn step(
    scene: Scene,
    x: usize,
    plan: Plan,
    models: &[&'static Model],
) -> Option<Step> {
    let clients = plan.active + plan.idle;
    let able = models.iter().filter(|model| model.clients >= clients);
    let entry = |&model| Entry { model, cores: 1, work_us: 0 };
    let entries: Vec<Entry> = able.map(entry).collect();
    (!entries.is_empty()).then_some(Step { scene, x, plan, entries })
}

/// Each server that can use two cores alone: with one, and with two.
fn cores(models: &[&'static Model], plan: Plan) -> Vec<Step> {
    let able = models.iter().filter(|model| model.has_threads());
    let steps = able.flat_map(|&model| {
        [0, WORK_US].map(|work_us| {
            let entry = |cores| Entry { model, cores, work_us };
            let entries = vec![entry(1), entry(2)];
            Step { scene: Scene::Cores, x: work_us, plan, entries }
        })
    });
    steps.collect()
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
