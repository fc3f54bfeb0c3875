//! Measures how long readers and contributors wait, and what the pages weigh.
//!
//! All is measured in clones of the committed state, which are removed with
//! all that was made in them; the repository itself is only read. One thing is
//! not of that state: the pages that are weighed are built by the reader that
//! this program was compiled with. Times are in seconds of the clock on the
//! wall, sizes in bytes.

mod checkout;
mod http;
mod links;
mod pages;
mod process;
mod report;
mod serving;
mod suite;
pub mod terminal;
mod units;
mod weights;

use std::path::Path;

use clap::ValueEnum;

use crate::checkout::Checkout;
use crate::terminal::Terminal;

pub use report::Report;

/// What can be measured, in the order in which it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// `cargo run` in a clean clone, until the first page is served
    FirstPage,
    /// A chapter is changed, until the page that is served shows it
    Rebuild,
    /// `cargo run -- build`, with the program already built
    Build,
    /// What each page weighs
    Pages,
    /// `cargo test --workspace` in a clean clone, and at once again
    Tests,
}

/// Measures the parts (none named: all) of the repository at `root`, and adds
/// each to the report as soon as it is known.
///
/// # Errors
///
/// What failed, as a sentence, with the last lines that it printed; or Ctrl-C.
pub fn measure(
    root: &Path,
    only: &[Part],
    terminal: &Terminal,
    report: &mut Report,
) -> anyhow::Result<()> {
    let wanted = |part| only.is_empty() || only.contains(&part);
    report.of(root)?;

    let served = [Part::FirstPage, Part::Rebuild, Part::Build];
    let runs = served.into_iter().any(wanted);
    if runs || wanted(Part::Pages) {
        let checkout = Checkout::new(root, terminal)?;
        if runs {
            checkout.fetch(terminal)?;
        }
        if wanted(Part::FirstPage) {
            report.times.push(serving::first_page(&checkout, terminal)?);
        } else if runs {
            checkout.build_reader(terminal)?;
        }
        if wanted(Part::Rebuild) {
            report.times.push(serving::rebuild(&checkout, terminal)?);
        }
        if wanted(Part::Build) {
            report.times.push(serving::build(&checkout, terminal)?);
        }
        if wanted(Part::Pages) {
            terminal.doing("building the book, to weigh its pages");
            report.pages = Some(pages::of_book(&checkout)?);
            terminal.go_on()?;
        }
    }
    if wanted(Part::Tests) {
        // A clone of its own: the target folder of the other is not empty.
        let checkout = Checkout::new(root, terminal)?;
        checkout.fetch(terminal)?;
        suite::cold_and_warm(&checkout, terminal, &mut report.times)?;
    }
    Ok(())
}
