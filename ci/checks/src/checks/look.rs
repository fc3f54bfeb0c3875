//! `look`: what a person would see at a glance, in a browser: pages that are
//! too wide, and figures that cannot be seen or read.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use reader::Problem;
use reader::includes::of_book;
use scraper::Html;
use serde::{Deserialize, Serialize};

use crate::browser::{address, document, find};
use crate::drawings::{DRAWINGS, places};
use crate::pages::{BOOK, Pages, selector};
use crate::place::problem;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "look",
    says: "pages fit a phone, and figures can be seen in every theme",
    needs: Some(Tool {
        name: "Chromium",
        is_there: || find().is_some(),
        install: "apt install chromium, or https://www.google.com/chrome/",
    }),
    run,
};

/// The widths of a desktop and of a small phone, in CSS pixels.
const WIDTHS: [u32; 2] = [1280, 360];

/// All of mdBook's themes.
const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

/// How long all pages may take together.
const PATIENCE: Duration = Duration::from_secs(180);

/// The page that opens the others, and its scripts.
const FILES: [(&str, &str); 5] = [
    ("look.html", include_str!("../look/look.html")),
    ("open.js", include_str!("../look/open.js")),
    ("colour.js", include_str!("../look/colour.js")),
    ("sideways.js", include_str!("../look/sideways.js")),
    ("figure.js", include_str!("../look/figure.js")),
];

/// What the scripts need to know.
#[derive(Serialize)]
struct Config {
    /// The addresses of the pages, relative to that of the scripts.
    pages: Vec<String>,
    widths: [u32; 2],
    themes: [&'static str; 5],
    /// A CSS selector for the figures.
    drawings: &'static str,
}

/// What the scripts have found.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Findings(Vec<Finding>),
    /// Why they could not look.
    Error(String),
}

/// One thing that is wrong on a page that is shown in one way.
#[derive(Deserialize)]
struct Finding {
    #[serde(flatten)]
    fault: Fault,
    #[serde(flatten)]
    view: View,
}

/// What is wrong, however the page is shown.
#[derive(Deserialize, PartialEq)]
struct Fault {
    /// The index of the page.
    page: usize,
    /// The index of the figure on its page, if it is one.
    figure: Option<usize>,
    /// What stands on the line of the figure's source that is at fault.
    marks: Vec<String>,
    /// What is wrong, as a sentence that goes on.
    what: String,
}

/// In which way the page was shown, and how bad it looked.
#[derive(Deserialize)]
struct View {
    width: u32,
    theme: String,
    /// How bad it is, in words.
    detail: String,
    /// How bad it is, to be compared.
    badness: f64,
}

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let pages = Pages::of_book(root)?;
    let includes = of_book(root)?;
    let mut problems = Vec::new();
    for (fault, seen) in faults(findings(&pages)?) {
        let chapter = &pages.pages[fault.page].chapter;
        let message = format!("{} {}", fault.what, shown(&seen));
        let places = places(root, chapter, &includes)?;
        let place = fault.figure.and_then(|figure| places.get(figure));
        problems.push(match place {
            Some(place) => place.problem(&fault.marks, message),
            None => problem(&chapter.file, None, message),
        });
    }
    Ok(problems)
}

/// Opens all pages in a browser.
fn findings(pages: &Pages) -> anyhow::Result<Vec<Finding>> {
    let files = pages.pages.iter();
    let files = files.map(|page| Path::new(BOOK).join(&page.file));
    let config = Config {
        pages: files.map(|file| address(&file)).collect(),
        widths: WIDTHS,
        themes: THEMES,
        drawings: DRAWINGS,
    };
    let config = format!("const config = {};", serde_json::to_string(&config)?);
    fs::write(pages.folder().join("config.js"), config)?;
    for (name, text) in FILES {
        fs::write(pages.folder().join(name), text)?;
    }
    let browser = find().context("there is no browser")?;
    let (first, _) = FILES[0];
    let document = document(browser, &pages.folder().join(first), PATIENCE)?;
    let document = Html::parse_document(&document);
    let outcome = selector("#outcome");
    let outcome = document.select(&outcome).next();
    let outcome: String =
        outcome.context("the browser shows another page")?.text().collect();
    match serde_json::from_str(&outcome)
        .with_context(|| format!("the page was not ready: {outcome:?}"))?
    {
        Outcome::Findings(findings) => Ok(findings),
        Outcome::Error(error) => bail!("cannot look at {error}"),
    }
}

/// What is wrong, once each, in the order of the pages, with all ways of
/// showing the page in which it is seen.
fn faults(findings: Vec<Finding>) -> Vec<(Fault, Vec<View>)> {
    let mut faults: Vec<(Fault, Vec<View>)> = Vec::new();
    for Finding { fault, view } in findings {
        match faults.iter_mut().find(|(known, _)| *known == fault) {
            Some((_, views)) => views.push(view),
            None => faults.push((fault, vec![view])),
        }
    }
    faults.sort_by_key(|(fault, _)| fault.page);
    faults
}

/// `in coal, navy at 1280 px, in every theme at 360 px: how bad it is`.
fn shown(views: &[View]) -> String {
    let mut places: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for width in WIDTHS {
        // A word of a figure may stand in it more than once.
        let is_seen = |theme: &&str| {
            let mut views = views.iter();
            views.any(|view| view.width == width && view.theme == *theme)
        };
        let themes: Vec<_> = THEMES.into_iter().filter(is_seen).collect();
        match places.iter_mut().find(|(known, _)| *known == themes) {
            Some((_, widths)) => widths.push(width.to_string()),
            None => places.push((themes, vec![width.to_string()])),
        }
    }
    let places = places.into_iter().filter(|(themes, _)| !themes.is_empty());
    let places = places.map(|(themes, widths)| {
        let themes = match themes.len() == THEMES.len() {
            true => "every theme".to_string(),
            false => themes.join(", "),
        };
        format!("in {themes} at {} px", widths.join(" and "))
    });
    let worst = views.iter().max_by(|a, b| a.badness.total_cmp(&b.badness));
    let worst = worst.map_or("", |view| &view.detail);
    format!("{}: {worst}", places.collect::<Vec<_>>().join(", "))
}
