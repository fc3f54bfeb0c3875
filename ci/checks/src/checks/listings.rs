//! `listings`: every listing is a crate that says what it is, that a chapter
//! shows, and that something runs. A library that listings share has only to
//! be a crate like the others.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use reader::Problem;
use reader::includes::{Include, of_book};
use testkit::listing::{Metadata, is_library};
use testkit::transcript::{Program, Script};
use toml::Spanned;

use crate::Check;
use crate::manifest::{Manifest, is_inherited, members};
use crate::place::{files_below, line_at, problem, read};
use crate::transcripts::{Transcript, transcripts};

pub const CHECK: Check = Check {
    name: "listings",
    says: "listings say what they are, stand in a chapter, and are run",
    needs: None,
    run,
};

/// A longer file belongs into two listings.
const MOST_LINES: usize = 200;

/// A wider line gets a scrollbar in the book.
const MOST_COLUMNS: usize = 80;

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let folders = members(root, "listings")?;
    let includes = of_book(root)?;
    let mut problems = Vec::new();
    let mut run_by_transcripts = BTreeSet::new();
    for Transcript { script, .. } in transcripts(root)? {
        match script {
            Ok(script) => run_by_transcripts.extend(runs(&script)),
            Err(wrong) => problems.push(wrong),
        }
    }
    for folder in &folders {
        let file = folder.join("Cargo.toml");
        if !root.join(&file).is_file() {
            problems.push(problem(folder, None, "no crate: no Cargo.toml"));
            continue;
        }
        let library = is_library(&root.join(folder));
        if !library && !is_shown(folder, &includes) {
            let message = "no chapter includes its source";
            problems.push(problem(folder, None, message));
        }
        let text = read(root, &file)?;
        let manifest: Manifest = match toml::from_str(&text) {
            Ok(manifest) => manifest,
            Err(error) => {
                let line = error.span().map(|span| line_at(&text, span.start));
                problems.push(problem(&file, line, error.message()));
                continue;
            }
        };
        let found = described(folder, &manifest, library)
            .into_iter()
            .chain(not_inherited(&manifest))
            .chain(on_programs(root, &manifest))
            .map(|(offset, message)| {
                problem(&file, line_at(&text, offset), message)
            });
        problems.extend(found);
        if library {
            continue; // its own tests run it, and no page shows a file of it
        }
        let name = manifest.package.get_ref().name.get_ref();
        let has_suite =
            listing(&manifest).is_some_and(|it| it.get_ref().suite.is_some());
        if !has_suite && !run_by_transcripts.contains(name) {
            let message = "no transcript runs it and it has no suite";
            problems.push(problem(folder, None, message));
        }
        problems.extend(too_big(root, folder)?);
    }
    Ok(problems)
}

/// The listings whose binaries a transcript runs.
fn runs(script: &Script) -> Vec<String> {
    let commands = script.commands().map(|(_, command)| command);
    let binaries =
        commands.filter(|command| command.program == Program::Binary);
    binaries.map(|command| command.listing.clone()).collect()
}

fn is_shown(folder: &Path, includes: &[Include]) -> bool {
    let source = folder.join("src");
    includes.iter().any(|include| include.target.starts_with(&source))
}

fn listing(manifest: &Manifest) -> Option<&Spanned<Metadata>> {
    manifest.package.get_ref().metadata.as_ref()?.listing.as_ref()
}

/// What is wrong with what the manifest says of the listing, each with its
/// offset.
fn described(
    folder: &Path,
    manifest: &Manifest,
    library: bool,
) -> Vec<(usize, String)> {
    let package = manifest.package.get_ref();
    let start = manifest.package.span().start;
    let mut wrong = Vec::new();
    let name = package.name.get_ref();
    if !folder.ends_with(name) {
        let message = format!("`{name}` is not the name of its folder");
        wrong.push((package.name.span().start, message));
    }
    if package.description.as_ref().is_none_or(|it| it.trim().is_empty()) {
        wrong.push((start, "no description".to_string()));
    }
    let Some(listing) = listing(manifest) else {
        if !library {
            wrong.push((start, "no [package.metadata.listing]".to_string()));
        }
        return wrong;
    };
    let offset = listing.span().start;
    let listing = listing.get_ref();
    let mut platforms = listing.platforms.iter();
    if listing.platforms.is_empty() {
        wrong.push((offset, "it runs on no platform".to_string()));
    }
    while let Some(platform) = platforms.next() {
        if platforms.as_slice().contains(platform) {
            let message = format!("it names {} twice", platform.name());
            wrong.push((offset, message));
        }
    }
    if let Some(key) = listing.suiteless() {
        wrong.push((offset, format!("{key} without a suite")));
    }
    wrong
}

/// The keys that the manifest does not take from the workspace.
fn not_inherited(manifest: &Manifest) -> Vec<(usize, String)> {
    let start = manifest.package.span().start;
    let keys = manifest.inherited().into_iter();
    let wrong = keys.filter_map(|(key, value)| {
        if value.is_some_and(|value| is_inherited(value.get_ref())) {
            return None;
        }
        let message = match key {
            "lints" => "[lints] must say workspace = true".to_string(),
            _ => format!("it must say {key}.workspace = true"),
        };
        Some((value.map_or(start, |value| value.span().start), message))
    });
    wrong.collect()
}

/// The dependencies that are listings and no libraries.
fn on_programs(root: &Path, manifest: &Manifest) -> Vec<(usize, String)> {
    let is_program = |name: &str| {
        let folder = root.join("listings").join(name);
        folder.is_dir() && !folder.join("src/lib.rs").is_file()
    };
    let dependencies = manifest.dependencies();
    let wrong = dependencies.filter(|(name, _)| is_program(name));
    let message = |name| format!("it depends on the listing `{name}`");
    wrong.map(|(name, offset)| (offset, message(name))).collect()
}

/// The programs of a listing that are too long or too wide for a page.
fn too_big(root: &Path, folder: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for file in files_below(root, folder)? {
        let is_program = |it: &OsStr| it == "rs" || it == "py";
        if !file.extension().is_some_and(is_program) {
            continue;
        }
        let text = read(root, &file)?;
        let lines = text.lines().count();
        if lines > MOST_LINES {
            let message = format!("{lines} lines, more than {MOST_LINES}");
            problems.push(problem(&file, MOST_LINES + 1, message));
        }
        for (number, line) in (1..).zip(text.lines()) {
            let columns = line.chars().count();
            if columns > MOST_COLUMNS {
                let message =
                    format!("{columns} columns, more than {MOST_COLUMNS}");
                problems.push(problem(&file, number, message));
            }
        }
    }
    Ok(problems)
}
