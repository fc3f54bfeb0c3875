//! `NAME::drawn`: the figure in the book is what the run that is kept draws.
//! `NAME::repeats`: the scene, played again, leads to the same calls in the
//! same order.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::ensure;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use testkit::programs::Programs;
use timelines::{
    Figure, MODELS, Model, Pace, compare, kept, picture, record, table,
};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = vec![Trial::test("table::drawn", || {
        table().and_then(|table| is_drawn(&table)).map_err(failed)
    })];
    for model in MODELS {
        let name = |test| format!("{}::{test}", model.listing);
        trials.push(Trial::test(name("drawn"), || {
            picture(model).and_then(|figure| is_drawn(&figure)).map_err(failed)
        }));
        let programs = Arc::clone(&programs);
        trials.push(Trial::ignorable_test(name("repeats"), move || {
            repeats(model, &programs).map_err(failed)
        }));
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn is_drawn(figure: &Figure) -> anyhow::Result<()> {
    let name = figure.path.file_name().unwrap_or_default().display();
    let text = fs::read_to_string(&figure.path).unwrap_or_default();
    // A checkout on Windows may have other ends of lines.
    ensure!(
        text.replace("\r\n", "\n") == figure.text,
        "{name} is not what is kept: cargo run -p timelines"
    );
    Ok(())
}

fn repeats(model: &Model, programs: &Programs) -> anyhow::Result<Completion> {
    for listing in ["trace", model.listing] {
        if let Some(lack) = programs.listing(listing)?.metadata.lack() {
            let skipped = format!("skipped: {lack}");
            return Ok(Completion::ignored_with(skipped));
        }
    }
    let timeline = record(model, programs, Pace::AtOnce)?;
    compare(&kept(model)?, &timeline)?;
    Ok(Completion::Completed)
}

fn failed(error: anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
