//! Draws where each I/O model waits.
//!
//! For each model the same scene runs with its echo server under the listing
//! `trace`: client A comes and is silent, client B comes and speaks twice, A
//! speaks, both leave. What was seen is kept in `kept/NAME.json`, and drawn
//! from there; a test plays the scene again, and compares which calls there
//! were, in which order, with which results. Times are not compared, and no
//! number that the environment chooses is kept.

mod calls;
mod draw;
mod models;
mod record;
mod scene;
mod table;
mod timeline;
mod watch;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use made::Made;
use testkit::listing::root;
use testkit::programs::Programs;

pub use models::{MODELS, Manner, Model, Threads};
pub use record::{compare, record};
pub use scene::Pace;
pub use timeline::{Act, Call, Client, Lane, Sleep, Timeline, What};

/// What this machine lacks to play the scene with a model: `needs Linux`.
///
/// # Errors
///
/// Where a listing has another name by now.
pub fn lack(
    model: &Model,
    programs: &Programs,
) -> anyhow::Result<Option<String>> {
    let trace = programs.listing("trace")?.metadata.lack();
    let server = programs.listing(model.listing)?.metadata.lack();
    Ok(trace.or(server))
}

/// The file that keeps a model's run.
pub fn kept_file(model: &Model) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
    folder.join(model.listing).with_extension("json")
}

/// The run of a model that is kept.
///
/// # Errors
///
/// Where there is none, or it is no timeline.
pub fn kept(model: &Model) -> anyhow::Result<Timeline> {
    let name = model.listing;
    let text = fs::read_to_string(kept_file(model))
        .with_context(|| format!("no run of {name} is kept"))?;
    serde_json::from_str(&text)
        .with_context(|| format!("kept/{name}.json is no timeline"))
}

/// The picture of a model, from the run that is kept.
///
/// # Errors
///
/// Those of [`kept`].
pub fn picture(model: &Model) -> anyhow::Result<Made> {
    let name = format!("book/figures/timeline-{}.svg", model.listing);
    let text = draw::draw(&kept(model)?);
    Ok(Made { path: root().join(name), text })
}

/// The tables of all models, from the runs that are kept.
///
/// # Errors
///
/// Those of [`kept`].
pub fn tables() -> anyhow::Result<Made> {
    let with_run = |model| Ok((model, kept(model)?));
    let all: Vec<(&Model, Timeline)> =
        MODELS.iter().map(with_run).collect::<anyhow::Result<_>>()?;
    let path = root().join("book/figures/timelines.txt");
    Ok(Made { path, text: table::tables(&all) })
}
