//! `alt`: pictures say in words what they show, and follow the theme.

use std::collections::BTreeSet;
use std::path::Path;

use reader::Problem;
use reader::includes::{Include, of_book};

use crate::Check;
use crate::drawings::{DRAWINGS, places};
use crate::figure::{Wrong, wrong};
use crate::pages::{Page, Pages, ids, selector};
use crate::place::{line_with, problem};

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
    let mut places = places(root, &page.chapter, includes)?.into_iter();
    let mut problems = Vec::new();
    for svg in page.html.select(&selector(DRAWINGS)) {
        let place = places.next();
        for Wrong { needle, message } in wrong(svg) {
            problems.push(match &place {
                Some(place) => place.problem(&[needle], message),
                None => problem(&page.chapter.file, None, message),
            });
        }
    }
    Ok(problems)
}
