//! Draws the book's ladders: two hosts, and an arrow for each segment between
//! them; and its plots of measured times. Each is drawn from what a listing
//! printed, as its transcript has recorded it; the transcripts are compared
//! with new runs by a test of their own, so what a figure shows is what the
//! program does. (Times are not compared: a plot shows those of one run, which
//! stand in the transcript.)

mod drop_figure;
mod ladder;
mod plot;
mod run;
mod still;
mod svg;

use std::path::{Path, PathBuf};

use made::Made;

/// The folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What each ladder of the figure to play with must show: for each segment
/// its words, and its time, with `, lost` behind it if it was.
///
/// # Errors
///
/// As for [`draw`].
pub fn drop_runs(root: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    let ladders = drop_figure::ladders(root)?;
    Ok(ladders.iter().map(|rungs| svg::texts(rungs)).collect())
}

/// Draws all figures, from the transcripts in the repository's folder.
///
/// # Errors
///
/// A transcript that cannot be read, or is not that of a ladder or a plot.
pub fn draw(root: &Path) -> anyhow::Result<Vec<Made>> {
    let mut figures = Vec::new();
    for ladder in still::LADDERS {
        let path = root.join(format!("book/figures/{}.svg", ladder.id));
        figures.push(Made { path, text: ladder.draw(root)? });
    }
    for plot in plot::PLOTS {
        let path = root.join(format!("book/figures/{}.svg", plot.id));
        figures.push(Made { path, text: plot.draw(root)? });
    }
    let path = root.join("book/figures/drop-a-segment.html");
    figures.push(Made { path, text: drop_figure::draw(root)? });
    Ok(figures)
}
