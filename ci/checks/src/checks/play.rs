//! `play`: the figure from which the reader drops a segment shows, in a
//! browser, what was recorded, and stands without scripts too.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use reader::Problem;
use scraper::Html;

use crate::browser::{address, document, find};
use crate::pages::{BOOK, Pages, selector};
use crate::place::problem;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "play",
    says: "the figure to play with shows what was run",
    needs: Some(Tool {
        name: "Chromium",
        is_there: || find().is_some(),
        install: "apt install chromium, or https://www.google.com/chrome/",
    }),
    run,
};

/// How long the page may take.
const PATIENCE: Duration = Duration::from_secs(60);

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let pages = Pages::of_book(root)?;
    let figure = selector("figure.drop");
    let mut problems = Vec::new();
    for page in &pages.pages {
        let file = Path::new(BOOK).join(&page.file);
        let html = fs::read_to_string(pages.folder().join(&file))?;
        if Html::parse_document(&html).select(&figure).next().is_none() {
            continue;
        }
        for wrong in play(root, pages.folder(), &file)? {
            problems.push(problem(&page.chapter.file, None, wrong));
        }
    }
    Ok(problems)
}

/// What is wrong with the figure in this page.
fn play(
    root: &Path,
    folder: &Path,
    page: &Path,
) -> anyhow::Result<Vec<String>> {
    let config = serde_json::json!({
        "page": address(page),
        "runs": figures::drop_runs(root)?,
    });
    fs::write(
        folder.join("play-config.js"),
        format!("const config = {config};"),
    )?;
    fs::write(folder.join("play.js"), include_str!("../play/play.js"))?;
    let first = folder.join("play.html");
    fs::write(&first, include_str!("../play/play.html"))?;

    let browser = find().context("there is no browser")?;
    let document = Html::parse_document(&document(browser, &first, PATIENCE)?);
    let outcome = document.select(&selector("#outcome")).next();
    let outcome: String =
        outcome.context("the browser shows another page")?.text().collect();
    serde_json::from_str(&outcome)
        .with_context(|| format!("the page was not ready: {outcome:?}"))
}
