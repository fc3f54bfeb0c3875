//! `cargo run -p timelines` plays the scene with every model, keeps what was
//! seen if the order of the calls is new, and draws; with names, it does so
//! for these models alone, and keeps what was seen in any case.

use std::{env, fs};

use anyhow::{Context, ensure};
use made::Made;
use testkit::programs::Programs;
use timelines::{
    MODELS, Model, Pace, Timeline, compare, kept, kept_file, lack, picture,
    record, tables,
};

const TRIES: usize = 5;

fn main() -> anyhow::Result<()> {
    let names: Vec<String> = env::args().skip(1).collect();
    for name in &names {
        let known = MODELS.iter().any(|model| model.listing == *name);
        ensure!(known, "there is no model {name}");
    }
    let programs = Programs::listings()?;
    for model in MODELS {
        let name = model.listing;
        let is_named = names.iter().any(|it| it == name);
        if is_named || names.is_empty() {
            play(model, &programs, is_named).with_context(|| name)?;
        }
        write(&picture(model)?)?;
    }
    write(&tables()?)
}

fn play(model: &Model, programs: &Programs, anew: bool) -> anyhow::Result<()> {
    if let Some(lack) = lack(model, programs)? {
        println!("{}: skipped: {lack}", model.listing);
        return Ok(());
    }
    // Of several, the one in which the machine kept the scene up the least.
    let played = (0..TRIES).map(|_| record(model, programs, Pace::Timed));
    let played: Vec<Timeline> = played.collect::<Result<_, _>>()?;
    let late = |it: &Timeline| it.acts.iter().map(|act| act.at).sum::<u64>();
    let best = played.into_iter().min_by_key(late);
    let timeline = best.context("it was not played")?;
    let same = kept(model).is_ok_and(|kept| compare(&kept, &timeline).is_ok());
    if same && !anew {
        println!("{}: plays as it did", model.listing);
    } else {
        fs::write(kept_file(model), timeline.to_json()?)?;
        println!("{}: kept anew", model.listing);
    }
    Ok(())
}

fn write(figure: &Made) -> anyhow::Result<()> {
    if figure.write()? {
        println!("{}: drawn", figure.name());
    }
    Ok(())
}
