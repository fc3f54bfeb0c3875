//! Measures step after step.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use indicatif::ProgressBar;
use load::{Plan, Stopped};
use tempfile::TempDir;

use crate::calls::{self, Calls};
use crate::groups::Sizes;
use crate::models::Setting;
use crate::programs::Programs;
use crate::results::{Measured, Outcome, Results};
use crate::scene::{Effort, Entry, Scene, Step};
use crate::server::Server;
use crate::silent;

/// What measuring needs.
pub struct Runner<'a> {
    programs: &'a Programs,
    effort: Effort,
    sizes: Sizes,
    stop: &'a AtomicBool,
    bar: ProgressBar,
    /// For what `trace` writes.
    folder: TempDir,
    notes: Vec<String>,
}

impl<'a> Runner<'a> {
    /// Lets this process, and with it the servers, have as many descriptors
    /// as the system allows. `stop` is set when nobody wants to wait longer.
    ///
    /// # Errors
    ///
    /// Where there is no folder for temporary files.
    pub fn new(
        programs: &'a Programs,
        effort: Effort,
        stop: &'a AtomicBool,
        bar: ProgressBar,
    ) -> anyhow::Result<Runner<'a>> {
        Ok(Runner {
            programs,
            effort,
            sizes: Sizes {
                descriptors: load::raise_descriptors() as usize,
                together: effort.together,
            },
            stop,
            bar,
            folder: tempfile::tempdir().context("no temporary folder")?,
            notes: Vec::new(),
        })
    }

    /// Measures these steps, and puts what comes out into `results`: until
    /// `stop` is set.
    ///
    /// # Errors
    ///
    /// Where the system does not give what measuring needs. What a server
    /// does wrong stands in the results.
    pub fn run(
        mut self,
        steps: &[Step],
        results: &mut Results,
    ) -> anyhow::Result<()> {
        let times = steps.iter().map(|step| self.sizes.time(step, self.effort));
        let times: Vec<u64> = times.collect();
        self.bar.set_length(times.iter().sum());
        let mut done = 0;
        results.complete = true;
        for (step, time) in steps.iter().zip(times) {
            self.bar.set_position(done);
            self.bar.set_message(step.title());
            match self.step(step, done, time) {
                Ok(outcome) => results.steps.push(outcome),
                Err(e) if e.is::<Stopped>() => {
                    results.complete = false;
                    break;
                }
                Err(e) => return Err(e.context(step.title())),
            }
            done += time;
        }
        self.bar.finish_and_clear();
        results.notes.append(&mut self.notes);
        Ok(())
    }

    fn step(
        &mut self,
        step: &Step,
        done: u64,
        time: u64,
    ) -> anyhow::Result<Outcome> {
        let (plan, x) = self.sizes.fit(step);
        if x != step.x {
            self.note(format!(
                "{}: {x} of them, since {} descriptors are allowed (ulimit -Hn)",
                step.title(),
                self.sizes.descriptors
            ));
        }
        let mut outcome = Outcome::new(step, x);
        let groups = self.sizes.groups(&step.entries, &plan);
        let parts = self.effort.repetitions * groups.len();
        for nth in 0..parts {
            let group = &groups[nth % groups.len()];
            // Who did wrong once is not asked again.
            let group: Vec<Entry> = group
                .iter()
                .filter(|entry| outcome.is_sound(&entry.name()))
                .copied()
                .collect();
            let part = time / parts as u64;
            let from = done + part * nth as u64;
            self.bar.set_position(from);
            match step.scene {
                Scene::Silence => self.silence(&group, &plan, &mut outcome)?,
                Scene::Calls => self.calls(&group, &plan, &mut outcome)?,
                _ => self.drive(&group, &plan, &mut outcome, from, part)?,
            }
        }
        let limited: Vec<&str> = outcome.limited().collect();
        if !limited.is_empty() {
            self.note(format!(
                "{}: the generator was the limit for {}; their CPU time a \
                 request stands, their rate could be higher",
                step.title(),
                limited.join(", ")
            ));
        }
        Ok(outcome)
    }

    /// Each is said once.
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Starts the servers; who does not start is at fault.
    fn start(
        &self,
        group: &[Entry],
        plan: &Plan,
        outcome: &mut Outcome,
    ) -> anyhow::Result<Vec<(Entry, Server)>> {
        let mut running = Vec::new();
        for entry in group {
            self.go_on()?;
            let Entry { model, cores, work_us } = *entry;
            let clients = plan.active + plan.idle;
            let setting = Setting { clients, cores, work_us };
            let command = self.programs.command(model, setting);
            match command.and_then(Server::start) {
                Ok(server) => running.push((*entry, server)),
                Err(why) => outcome.of(&entry.name()).fault = Some(why),
            }
        }
        Ok(running)
    }

    fn go_on(&self) -> anyhow::Result<()> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Stopped.into()),
            false => Ok(()),
        }
    }

    /// With the load generator, in turn.
    fn drive(
        &mut self,
        group: &[Entry],
        plan: &Plan,
        outcome: &mut Outcome,
        from: u64,
        time: u64,
    ) -> anyhow::Result<()> {
        let mut running = self.start(group, plan, outcome)?;
        let servers = running.iter().map(|(entry, server)| load::Server {
            name: entry.name(),
            addr: server.addr(),
            pid: Some(server.pid()),
            cores: entry.cores,
            restless: entry.model.is_restless(),
        });
        let servers: Vec<_> = servers.collect();
        if servers.is_empty() {
            return Ok(());
        }
        let (bar, stop) = (&self.bar, self.stop);
        let out = load::run(servers, plan, |part| {
            bar.set_position(from + (part * time as f64) as u64);
            match stop.load(Ordering::Relaxed) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        for note in out.notes {
            self.note(note);
        }
        outcome.itself.extend(out.itself);
        outcome.others.extend(out.others);
        for (result, (_, server)) in out.servers.into_iter().zip(&mut running) {
            let measured = outcome.of(&result.name);
            measured.numbers.extend(result.numbers);
            if let Some(fault) = result.fault {
                measured.fault = Some(server.ended().unwrap_or(fault));
            }
        }
        Ok(())
    }

    /// Nobody talks.
    fn silence(
        &mut self,
        group: &[Entry],
        plan: &Plan,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        let running = self.start(group, plan, outcome)?;
        let servers: Vec<&Server> = running.iter().map(|(_, it)| it).collect();
        let parts = silent::observe(&servers, plan.idle, self.effort.silence);
        for ((entry, _), part) in running.iter().zip(parts) {
            let measured = outcome.of(&entry.name());
            match part {
                Ok(part) => measured.counted.push(part),
                Err(fault) => measured.fault = Some(fault.to_string()),
            }
        }
        self.go_on()
    }

    /// One server after the other, with its calls counted.
    fn calls(
        &mut self,
        group: &[Entry],
        plan: &Plan,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        let kernel = calls::kernel_counts();
        if !kernel {
            self.note(calls::TRACED.to_owned());
        }
        let file = self.folder.path().join("calls");
        for entry in group {
            self.go_on()?;
            let name = entry.name();
            let setting =
                Setting { clients: plan.active, cores: 1, work_us: 0 };
            let command = self.programs.command(entry.model, setting);
            let command = command.map(|command| match kernel {
                true => command,
                false => calls::traced(&self.programs.trace(), &file, &command),
            });
            let server = match command.and_then(Server::start) {
                Ok(server) => server,
                Err(why) => {
                    outcome.of(&name).fault = Some(why);
                    continue;
                }
            };
            let mut target = load::Server::new(&name, server.addr());
            target.pid = kernel.then(|| server.pid());
            let mut counting = None;
            let out = load::run(vec![target], plan, |_| {
                if counting.is_none() {
                    counting = Some(match kernel {
                        true => Calls::of(server.pid()),
                        false => Calls::in_file(file.clone()),
                    });
                }
                ControlFlow::Continue(())
            })?;
            let result = out.servers.into_iter().next();
            let result = result.context("there was a server")?;
            let measured = outcome.of(&name);
            measured.fault = result.fault;
            if let (Some(numbers), Some(calls)) = (result.numbers, counting) {
                let count = calls?.count().context("counting calls")?;
                measured.counted.push(count as f64 / numbers.requests as f64);
            }
        }
        Ok(())
    }
}

impl Outcome {
    fn new(step: &Step, done: usize) -> Outcome {
        Outcome {
            scene: step.scene,
            x: step.x,
            done,
            servers: Vec::new(),
            itself: Vec::new(),
            others: Vec::new(),
        }
    }

    fn is_sound(&self, name: &str) -> bool {
        self.named(name).is_none_or(|server| server.fault.is_none())
    }

    /// Where the results of a server go.
    fn of(&mut self, name: &str) -> &mut Measured {
        let place = self.servers.iter().position(|it| it.name == name);
        let place = place.unwrap_or_else(|| {
            let name = name.to_owned();
            self.servers.push(Measured { name, ..Measured::default() });
            self.servers.len() - 1
        });
        &mut self.servers[place]
    }
}
