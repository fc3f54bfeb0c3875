//! The results that the book shows, and what is made of them.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use made::Made;

use crate::charts::charts;
use crate::plot;
use crate::programs::root;
use crate::results::Results;

/// Where they are kept.
pub fn kept_file() -> PathBuf {
    root().join("ci/measure/kept/results.json")
}

/// What is kept.
///
/// # Errors
///
/// Where the file is missing, or is not such results.
pub fn kept() -> anyhow::Result<Results> {
    let file = kept_file();
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} is wrong", file.display()))
}

/// The plots and tables of the book.
pub fn files(results: &Results) -> Vec<Made> {
    let book = root().join("book");
    let mut files = vec![Made {
        path: book.join("tables/measured-machine.md"),
        text: format!("A {}.\n", results.machine.words()),
    }];
    for chart in charts(results) {
        let name = format!("measured-{}", chart.id);
        if let Some(text) = plot::draw(&chart) {
            let path = book.join("figures").join(&name).with_extension("svg");
            files.push(Made { path, text });
        }
        let path = book.join("tables").join(&name).with_extension("md");
        files.push(Made { path, text: chart.to_markdown() });
    }
    files
}
