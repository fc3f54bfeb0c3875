//! Measures step after step.

use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use load::{Interrupt, Plan, Stopped};
use tempfile::TempDir;

use crate::calls::{self, Calls};
use crate::groups::Sizes;
use crate::models::Setting;
use crate::programs::Programs;
use crate::results::{Outcome, Results};
use crate::scene::{Effort, Entry, Scene, Step};
use crate::server::Server;
use crate::silent;

/// What measuring needs.
pub struct Runner<'a> {
    programs: &'a Programs,
    effort: Effort,
    sizes: Sizes,
    interrupt: &'a Interrupt,
    bar: ProgressBar,
    /// For what `trace` writes.
    folder: TempDir,
    /// Of the step that is being measured.
    notes: Vec<String>,
}

impl<'a> Runner<'a> {
    /// Lets this process, and with it the servers, have as many descriptors
    /// as the system allows.
    ///
    /// # Errors
    ///
    /// Where there is no folder for temporary files.
    pub fn new(
        programs: &'a Programs,
        effort: Effort,
        interrupt: &'a Interrupt,
        bar: ProgressBar,
    ) -> anyhow::Result<Runner<'a>> {
        Ok(Runner {
            programs,
            effort,
            sizes: Sizes {
                descriptors: load::raise_descriptors() as usize,
                together: effort.together,
            },
            interrupt,
            bar,
            folder: tempfile::tempdir().context("no temporary folder")?,
            notes: Vec::new(),
        })
    }

    /// Measures these steps, and puts what comes out into `results`, until it
    /// is interrupted.
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
        let ran = self.all(steps, &times, results);
        self.bar.finish_and_clear();
        results.complete = ran.is_ok();
        match ran {
            Err(e) if e.is::<Stopped>() => Ok(()),
            ran => ran,
        }
    }

    fn all(
        &mut self,
        steps: &[Step],
        times: &[u64],
        results: &mut Results,
    ) -> anyhow::Result<()> {
        let mut done = 0;
        for (step, time) in steps.iter().zip(times) {
            self.bar.set_position(done);
            self.bar.set_message(step.title());
            let outcome = self.step(step, done, *time);
            results.steps.push(outcome.with_context(|| step.title())?);
            done += time;
        }
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
                Scene::Memory => self.memory(&group, &plan, &mut outcome)?,
                Scene::Calls => self.calls(&group, &plan, &mut outcome)?,
                _ => self.drive(&group, &plan, &mut outcome, from, part)?,
            }
        }
        for note in outcome.to_be_noted(&step.entries) {
            self.note(format!("{}: {note}", step.title()));
        }
        outcome.notes = std::mem::take(&mut self.notes);
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
        match self.interrupt.go_on() {
            ControlFlow::Break(()) => Err(Stopped.into()),
            ControlFlow::Continue(()) => Ok(()),
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
        let (bar, interrupt) = (&self.bar, self.interrupt);
        let out = load::run(servers, plan, |part| {
            bar.set_position(from + (part * time as f64) as u64);
            interrupt.go_on()
        })?;
        for note in out.notes {
            self.note(note);
        }
        outcome.itself.extend(out.itself);
        outcome.others.extend(out.others);
        let compared = running[0].0.name() == outcome.reference;
        for (result, (_, server)) in out.servers.into_iter().zip(&mut running) {
            let measured = outcome.of(&result.name);
            let mut numbers = result.numbers;
            if let (Some(numbers), false) = (&mut numbers, compared) {
                // They are in proportion to another server.
                (numbers.cpu_ratio, numbers.rate_ratio) = (None, None);
            }
            measured.numbers.extend(numbers);
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
        let mut running = self.start(group, plan, outcome)?;
        let servers = running.iter_mut().map(|(_, server)| server);
        let mut servers: Vec<&mut Server> = servers.collect();
        let time = self.effort.silence;
        let parts = silent::observe(&mut servers, plan.idle, time);
        for ((entry, _), part) in running.iter().zip(parts) {
            outcome.of(&entry.name()).counts(part);
        }
        self.go_on()
    }

    /// One server after the other, with silent clients.
    fn memory(
        &mut self,
        group: &[Entry],
        plan: &Plan,
        outcome: &mut Outcome,
    ) -> anyhow::Result<()> {
        for entry in group {
            let mut running = self.start(&[*entry], plan, outcome)?;
            if let Some((_, server)) = running.first_mut() {
                let memory = silent::memory(server, plan.idle);
                outcome.of(&entry.name()).counts(memory);
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
        // One long turn, since what is not measured would be counted too.
        let slice = plan.slice * plan.rounds as u32;
        let warm_up = Duration::ZERO;
        let plan = &Plan { rounds: 1, slice, warm_up, ..*plan };
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
            let mut server = match command.and_then(Server::start) {
                Ok(server) => server,
                Err(why) => {
                    outcome.of(&name).fault = Some(why);
                    continue;
                }
            };
            let mut target = load::Server::new(&name, server.addr());
            target.pid = kernel.then(|| server.pid());
            target.restless = entry.model.is_restless();
            let mut counting: Option<io::Result<Calls>> = None;
            let mut counted = None;
            let interrupt = self.interrupt;
            let out = load::run(vec![target], plan, |part| {
                if part >= 1.0 {
                    counted =
                        counting.take().map(|it| it.and_then(Calls::count));
                } else if counting.is_none() {
                    counting = Some(match kernel {
                        true => Calls::of(server.pid()),
                        false => Calls::in_file(file.clone()),
                    });
                }
                interrupt.go_on()
            })?;
            let result = out.servers.into_iter().next();
            let result = result.context("there was a server")?;
            let measured = outcome.of(&name);
            if let Some(fault) = result.fault {
                measured.fault = Some(server.ended().unwrap_or(fault));
            }
            if let (Some(numbers), Some(count)) = (result.numbers, counted) {
                let count = count.context("cannot count calls")?;
                measured.counted.push(count as f64 / numbers.requests as f64);
            }
        }
        Ok(())
    }
}
