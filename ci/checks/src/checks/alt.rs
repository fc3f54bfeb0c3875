//! `alt`: pictures say in words what they show, and follow the theme.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use reader::Problem;
use reader::includes::{Include, of_book};

use crate::Check;
use crate::figure::{Wrong, wrong};
use crate::pages::{Page, Pages, ids, selector};
use crate::place::{line_with, problem, read};

pub const CHECK: Check = Check {
    name: "alt",
    says: "pictures say in words what they show, and follow the theme",
    needs: None,
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let includes = of_book(root)?;
    let mut problems = Vec::new();
    for page in Pages::of_book(root)?.pages {
        problems.extend(images(&page));
        problems.extend(repeated_ids(&page));
        problems.extend(figures(root, &page, &includes)?);
    }
    Ok(problems)
}

/// Images without a text.
fn images(page: &Page) -> Vec<Problem> {
    let mut problems = Vec::new();
    // mdBook puts a second copy beside each image, to be shown enlarged.
    let images = selector("main img:not(.img-wrapper img)");
    for image in page.html.select(&images) {
        if image.attr("alt").is_none_or(|alt| alt.trim().is_empty()) {
            let source = image.attr("src").unwrap_or_default();
            let line = line_with(&page.chapter.text, 1, source);
            let message = format!("no alt text for the image `{source}`");
            problems.push(problem(&page.chapter.file, line, message));
        }
    }
    problems
}

/// Ids that stand on the page more than once: what refers to them finds the
/// first.
fn repeated_ids(page: &Page) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut repeated = BTreeSet::new();
    for id in ids(&page.html) {
        if !seen.insert(id) {
            repeated.insert(id);
        }
    }
    let repeated = repeated.into_iter();
    let problems = repeated.map(|id| {
        let message = format!("the id `{id}` stands on its page twice");
        problem(&page.chapter.file, None, message)
    });
    problems.collect()
}

/// What is wrong with the drawings on a page.
fn figures(
    root: &Path,
    page: &Page,
    includes: &[Include],
) -> anyhow::Result<Vec<Problem>> {
    let mut places = places(root, page, includes)?.into_iter();
    let mut problems = Vec::new();
    // mdBook draws icons of its own, which are only ornaments.
    let drawn = selector(
        "main svg:not(svg svg, .blockquote-tag-title svg, .fa-svg svg)",
    );
    for svg in page.html.select(&drawn) {
        let place = places.next();
        for Wrong { needle, message } in wrong(svg) {
            problems.push(match &place {
                Some(Place { file, text, start }) => {
                    let line = line_with(text, *start, &needle);
                    problem(file, line.unwrap_or(*start), message)
                }
                None => problem(&page.chapter.file, None, message),
            });
        }
    }
    Ok(problems)
}

/// Where a drawing is written down.
struct Place {
    /// The chapter itself, or the file that it includes.
    file: PathBuf,
    /// All that stands in that file.
    text: String,
    /// The line on which the drawing begins.
    start: usize,
}

/// The places of a page's drawings, in their order.
fn places(
    root: &Path,
    page: &Page,
    includes: &[Include],
) -> anyhow::Result<Vec<Place>> {
    let chapter = &page.chapter;
    let mut places = Vec::new();
    for (number, line) in (1..).zip(chapter.text.lines()) {
        let included = includes.iter().filter(|include| {
            include.chapter == chapter.file && include.line == number
        });
        for include in included {
            if include.target.extension().is_some_and(|it| it == "svg") {
                let file = include.target.clone();
                let text = read(root, &file)?;
                let start = line_with(&text, 1, "<svg").unwrap_or(1);
                places.push(Place { file, text, start });
            }
        }
        if line.contains("<svg") {
            let (file, text) = (chapter.file.clone(), chapter.text.clone());
            places.push(Place { file, text, start: number });
        }
    }
    Ok(places)
}
