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
    Figure, MODELS, Model, Pace, compare, kept, picture, record, tables,
};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = vec![Trial::test("tables::drawn", || {
        tables().and_then(|tables| is_drawn(&tables)).map_err(failed)
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
    let kept = kept(model)?;
    let play = || compare(&kept, &record(model, programs, Pace::AtOnce)?);
    if let Err(difference) = play() {
        // The kernel tells of a packet in two steps, as of a FIN with two
        // signals. A virtual machine that is stopped between them makes two
        // wakings of one. It is not stopped there a second time.
        eprintln!("{}: once more, since {difference:#}", model.listing);
        play()?;
    }
    Ok(Completion::Completed)
}

fn failed(error: anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
