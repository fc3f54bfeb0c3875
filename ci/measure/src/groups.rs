//! How many servers can be measured at the same time, and how long it takes.

use std::time::Duration;

use load::Plan;

use crate::scene::{Effort, Entry, Scene, Step};

/// Connections that are open at the same time: more would need gigabytes of
/// memory in the kernel.
const MOST: usize = 60_000;
/// Descriptors that are no connections.
const OTHERS: usize = 100;
/// What opening and closing a connection takes, both ends, about.
const CONNECT: Duration = Duration::from_micros(70);
/// What a request takes, about.
const REQUEST: Duration = Duration::from_micros(8);
/// How often each connection has to have an answer in a turn, about.
const LEAST: u32 = 2;
/// What starting a server takes, about.
const START: Duration = Duration::from_millis(20);

/// What the system allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Descriptors for one process.
    pub(crate) descriptors: usize,
    /// How many servers have to find room, at least.
    pub(crate) together: usize,
}

impl Sizes {
    /// The plan of a step, with no more connections than there can be, and
    /// what its `x` is then.
    pub(crate) fn fit(self, step: &Step) -> (Plan, usize) {
        let together = step.entries.len().clamp(1, self.together);
        let room = self.descriptors.saturating_sub(OTHERS) / together;
        let mut plan = step.plan;
        if plan.talk.rate.is_none() {
            // Each connection has several answers in a turn.
            let several = LEAST * REQUEST * plan.active.min(room) as u32;
            plan.slice = plan.slice.max(several);
        }
        if plan.active + plan.idle <= room {
            return (plan, step.x);
        }
        // Those who are many become fewer, in round numbers.
        let (number, others) = match plan.idle {
            0 => (&mut plan.active, 0),
            _ => (&mut plan.idle, plan.active),
        };
        let fewer = match room.saturating_sub(others) {
            fewer @ 100.. => fewer / 100 * 100,
            fewer => fewer.max(1),
        };
        let x = if step.x == *number { fewer } else { step.x };
        *number = fewer;
        (plan, x)
    }

    /// Servers that can be measured at the same time; each group begins with
    /// the first of all.
    pub(crate) fn groups(
        self,
        entries: &[Entry],
        plan: &Plan,
    ) -> Vec<Vec<Entry>> {
        let Some((first, others)) = entries.split_first() else {
            return Vec::new();
        };
        let each = (plan.active + plan.idle).max(1);
        let room = self.descriptors.saturating_sub(OTHERS).min(MOST);
        let together = (room / each).saturating_sub(1).max(1);
        if others.is_empty() {
            return vec![vec![*first]];
        }
        let chunks = others.chunks(together);
        chunks.map(|chunk| [&[*first], chunk].concat()).collect()
    }

    /// How long a step takes, about, in milliseconds.
    pub(crate) fn time(self, step: &Step, effort: Effort) -> u64 {
        let (plan, _) = self.fit(step);
        let each = (plan.active + plan.idle) as u32;
        let prepare = START + CONNECT * each;
        let groups = self.groups(&step.entries, &plan);
        let time = |group: &Vec<Entry>| {
            let servers = group.len() as u32;
            let turn = plan.warm_up + plan.slice;
            let driven = (servers + 1) * plan.rounds as u32 * turn;
            servers * prepare
                + match step.scene {
                    Scene::Silence => effort.silence,
                    Scene::Memory => Duration::ZERO,
                    _ => driven,
                }
        };
        let once: Duration = groups.iter().map(time).sum();
        (once * effort.repetitions as u32).as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::MODELS;
    use crate::scene::{SCENES, steps};

    fn all_steps() -> Vec<Step> {
        let models: Vec<_> = MODELS.iter().collect();
        steps(SCENES, &models, Effort::QUICK)
    }

    fn step(scene: Scene, x: usize) -> Step {
        let mut steps = all_steps().into_iter();
        let step = steps.find(|step| step.scene == scene && step.x == x);
        step.expect("there is such a step")
    }

    #[test]
    fn no_group_has_more_connections_than_there_are_descriptors() {
        let sizes = Sizes { descriptors: 20_000, together: 2 };
        for step in all_steps() {
            let (plan, _) = sizes.fit(&step);
            let mut measured = 0;
            for group in sizes.groups(&step.entries, &plan) {
                let each = plan.active + plan.idle;
                assert!(group.len() * each < 20_000, "{step:?}");
                assert_eq!(group[0].name(), step.entries[0].name());
                measured += group.len() - 1;
            }
            assert_eq!(measured, step.entries.len() - 1);
        }
    }

    #[test]
    fn what_does_not_fit_is_made_smaller() {
        let few = Sizes { descriptors: 20_000, together: 2 };
        let (plan, x) = few.fit(&step(Scene::Active, 10_000));
        assert_eq!((plan.active, plan.idle, x), (9_900, 0, 9_900));
        let (plan, x) = few.fit(&step(Scene::Idle, 10_000));
        assert_eq!((plan.active, plan.idle, x), (10, 9_900, 9_900));
        let many = Sizes { descriptors: 1_048_576, together: 2 };
        let (plan, x) = many.fit(&step(Scene::Idle, 10_000));
        assert_eq!((plan.active, plan.idle, x), (10, 10_000, 10_000));
    }
}
