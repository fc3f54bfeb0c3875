//! Makes the tables of the appendix *Platforms*: which listing runs where, and
//! what the echo servers can and cannot do. All that stands in them is what
//! the listings say in their `Cargo.toml`, what the suite says of its cases,
//! and which chapter shows a listing.

mod home;

use std::fmt::Write;
use std::path::Path;

use made::Made;
use testkit::echo::CASES;
use testkit::listing::{Listing, Metadata, Platform, Suite};

use home::Homes;

/// Makes all tables, from the repository's folder.
///
/// # Errors
///
/// Where a listing's `Cargo.toml` or a chapter cannot be read.
pub fn make(root: &Path) -> anyhow::Result<Vec<Made>> {
    let listings = Listing::all(root)?;
    let homes = Homes::of(root)?;
    let table = |name: &str, text| Made {
        path: root.join("book/tables").join(name),
        text,
    };
    let (everywhere, some): (Vec<_>, Vec<_>) =
        listings.iter().partition(|it| runs_everywhere(&it.metadata));
    Ok(vec![
        table("some-systems.md", some_systems(&some, &homes)),
        table("every-system.md", every_system(&everywhere, &homes)),
        table("cases.md", cases()),
        table("servers.md", servers(&listings, &homes)),
    ])
}

fn runs_everywhere(metadata: &Metadata) -> bool {
    metadata.needs.is_empty() && are_all(&metadata.platforms)
}

fn are_all(platforms: &[Platform]) -> bool {
    Platform::ALL.iter().all(|it| platforms.contains(it))
}

fn places(platforms: &[Platform]) -> String {
    if are_all(platforms) {
        return "all three".to_owned();
    }
    let names: Vec<_> = platforms.iter().map(|it| it.name()).collect();
    names.join(", ")
}

fn some_systems(listings: &[&Listing], homes: &Homes) -> String {
    let mut text = head(&["listing", "what it shows", "runs on", "needs"]);
    for listing in listings {
        let Metadata { platforms, needs, .. } = &listing.metadata;
        let needs: Vec<_> = needs.iter().map(|need| need.name()).collect();
        row(
            &mut text,
            &[
                &homes.link(&listing.name),
                &listing.description,
                &places(platforms),
                &needs.join("; "),
            ],
        );
    }
    text
}

fn every_system(listings: &[&Listing], homes: &Homes) -> String {
    let mut text = head(&["listing", "what it shows"]);
    for listing in listings {
        let name = homes.link(&listing.name);
        row(&mut text, &[&name, &listing.description]);
    }
    text
}

fn cases() -> String {
    let mut text = head(&["case", "what holds", "seen on"]);
    for case in CASES {
        let name = format!("`{}`", case.name);
        row(&mut text, &[&name, case.says, &places(case.platforms)]);
    }
    text
}

fn servers(listings: &[Listing], homes: &Homes) -> String {
    let mut text = head(&["server", "cannot pass", "passes as well"]);
    for listing in listings {
        let metadata = &listing.metadata;
        if metadata.suite != Some(Suite::Echo) {
            continue;
        }
        row(
            &mut text,
            &[
                &homes.link(&listing.name),
                &metadata.suite_except.join(", "),
                &metadata.suite_also.join(", "),
            ],
        );
    }
    text
}

fn head(cells: &[&str]) -> String {
    let mut text = String::new();
    row(&mut text, cells);
    row(&mut text, &vec!["---"; cells.len()]);
    text
}

fn row(text: &mut String, cells: &[&str]) {
    for cell in cells {
        let cell = cell.replace('|', "\\|");
        write!(text, "| {cell} ").expect("a String takes all");
    }
    text.push_str("|\n");
}
