//! The command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use load::Interrupt;
use measure::charts::charts;
use measure::machine::Machine;
use measure::models::{MODELS, Model, Setting};
use measure::programs::Programs;
use measure::run::Runner;
use measure::scene::{Effort, SCENES, Scene, steps};
use measure::server::Server;
use measure::{Results, book, page, plot};

/// Measures the echo servers of all I/O models side by side.
#[derive(Parser)]
struct Options {
    /// Take the time that numbers in print need: half an hour
    #[arg(long)]
    full: bool,
    /// Only these scenes
    #[arg(long, value_name = "SCENE", value_delimiter = ',')]
    only: Vec<Scene>,
    /// Only the steps with these numbers: connections, bytes, microseconds
    #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
    at: Vec<usize>,
    /// Only these servers; the others are compared with the first
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    servers: Vec<String>,
    /// The folder for plots and numbers
    #[arg(long, value_name = "FOLDER", default_value = "target/measured")]
    out: PathBuf,
    /// Keep the results as those that the book shows, in place of earlier ones
    /// of the same steps, and draw its plots
    #[arg(long, requires = "full", conflicts_with = "servers")]
    keep: bool,
    /// Measure nothing: draw the plots of the book from what is kept
    #[arg(long, conflicts_with_all = ["full", "only", "at", "servers", "keep"])]
    draw: bool,
}

pub fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    if options.draw {
        draw(&book::kept()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut models = options.models()?;
    let scenes = match &options.only[..] {
        [] => SCENES,
        only => only,
    };
    fs::create_dir_all(&options.out)
        .with_context(|| format!("cannot make {}", options.out.display()))?;
    let interrupt = Interrupt::watch()?;
    let programs = Programs::build(&models)?;
    let mut notes = missing(&mut models, &programs);
    if options.keep && (cfg!(debug_assertions) || !notes.is_empty()) {
        bail!("--keep: the book needs every server, and a release build");
    }
    if cfg!(debug_assertions) {
        notes.push(
            "built without --release: these numbers say little".to_owned(),
        );
    }
    let effort = if options.full { Effort::FULL } else { Effort::QUICK };
    let mut results = Results {
        machine: Machine::this(),
        full: options.full,
        complete: false,
        steps: Vec::new(),
        notes,
    };
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template(
            "{bar:20} {percent:>3} %, {eta} left: {msg}",
        )
        .context("the bar's template is wrong")?,
    );
    let mut steps = steps(scenes, &models, effort);
    if !options.at.is_empty() {
        steps.retain(|step| options.at.contains(&step.x));
    }
    let runner = Runner::new(&programs, effort, &interrupt, bar)?;
    let ran = runner.run(&steps, &mut results);
    // What was measured before something went wrong is kept, too.
    report(&results, &options.out)?;
    ran?;
    if !results.complete {
        eprintln!("stopped: what was measured up to then is kept");
        return Ok(ExitCode::from(Interrupt::EXIT_CODE));
    }
    let faults = results.steps.iter().flat_map(|step| &step.servers);
    if faults.filter(|server| server.fault.is_some()).count() > 0 {
        bail!("not every server could be measured");
    }
    if options.keep {
        let all = options.only.is_empty() && options.at.is_empty();
        let results = match all {
            true => results,
            false => book::kept()?.with(results),
        };
        fs::write(book::kept_file(), results.to_json()?)
            .context("cannot keep the results")?;
        draw(&results)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn draw(results: &Results) -> anyhow::Result<()> {
    for file in book::files(results) {
        if file.write()? {
            println!("{}: drawn", file.name());
        }
    }
    Ok(())
}

impl Options {
    fn models(&self) -> anyhow::Result<Vec<&'static Model>> {
        if self.servers.is_empty() {
            return Ok(MODELS.iter().collect());
        }
        let named = self.servers.iter().map(|name| match Model::named(name) {
            Some(model) => Ok(model),
            None => {
                let names = MODELS.iter().map(|model| model.name);
                let names: Vec<&str> = names.collect();
                bail!("there is no server {name}, but: {}", names.join(", "))
            }
        });
        named.collect()
    }
}

/// Takes out the servers that cannot run here, for which there is no compiler
/// or no `io_uring`, say; and says why.
fn missing(models: &mut Vec<&Model>, programs: &Programs) -> Vec<String> {
    let mut notes = Vec::new();
    let setting = Setting { clients: 1, cores: 1, work_us: 0 };
    models.retain(|model| {
        let command = programs.command(model, setting);
        let started = command.and_then(Server::start);
        if let Err(why) = &started {
            notes.push(format!("{}: skipped: {why}", model.name));
        }
        started.is_ok()
    });
    notes
}

fn report(results: &Results, out: &Path) -> anyhow::Result<()> {
    let write = |name: &str, text: String| {
        let file = out.join(name);
        fs::write(&file, text)
            .with_context(|| format!("cannot write {}", file.display()))
    };
    println!("A {}", results.machine.words());
    for chart in charts(results) {
        println!("\n{}", chart.to_text().trim_end());
        if let Some(drawing) = plot::draw(&chart) {
            let name = format!("measured-{}.svg", chart.id);
            write(&name, plot::alone(&drawing))?;
        }
    }
    println!();
    for outcome in &results.steps {
        for server in &outcome.servers {
            if let Some(fault) = &server.fault {
                let option = outcome.scene.option();
                println!(
                    "fault: {} ({option}, {}): {fault}",
                    server.name, outcome.done
                );
            }
        }
    }
    for note in results.all_notes() {
        println!("note: {note}");
    }
    write("results.json", results.to_json()?)?;
    write("index.html", page::page(results))?;
    println!("plots and numbers: {}", out.join("index.html").display());
    Ok(())
}
