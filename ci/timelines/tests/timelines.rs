//! `NAME::drawn`: the figure in the book is what the run that is kept draws.
//! `NAME::repeats`: the scene, played again, leads to the same calls in the
//! same order.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion};
use made::Made;
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};
use timelines::{
    MODELS, Model, Pace, compare, kept, lack, picture, record, tables,
};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let mut trials = vec![trial("tables::drawn", || is_drawn(tables()))];
    for model in MODELS {
        let name = |test| format!("{}::{test}", model.listing);
        trials.push(trial(name("drawn"), || is_drawn(picture(model))));
        let programs = Arc::clone(&programs);
        let test = move || repeats(model, &programs);
        trials.push(trial(name("repeats"), test));
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn is_drawn(figure: anyhow::Result<Made>) -> anyhow::Result<Completion> {
    figure?.check("cargo run -p timelines")?;
    Ok(Completion::Completed)
}

fn repeats(model: &Model, programs: &Programs) -> anyhow::Result<Completion> {
    if let Some(lack) = lack(model, programs)? {
        return Ok(skipped(lack));
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
