//! How long the reader's command takes until a page is there.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::checkout::Checkout;
use crate::http::get;
use crate::pages::in_order;
use crate::process::Running;
use crate::report::Time;
use crate::terminal::Terminal;

/// How often the short ones are measured.
const ROUNDS: usize = 5;

/// How often the server is asked whether the page has changed.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// How long a changed page may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder of the text, and that of the pages, relative to the root.
const TEXT: &str = "book";
const PAGES: &str = "target/book";

/// `cargo run` with an empty target folder, until the first page is read.
pub fn first_page(
    checkout: &Checkout,
    terminal: &Terminal,
) -> anyhow::Result<Time> {
    terminal.doing("cargo run in a clean clone");
    let (server, address) = serve(checkout, terminal, &[])?;
    get(address, "/")?;
    let what = "`cargo run` in a clean clone, until the first page is served";
    Ok(Time::new("first-page", what, &[server.age()]))
}

/// From the change of a chapter's file until the page that is served shows
/// it. The whole book is built again, whichever chapter it is.
pub fn rebuild(
    checkout: &Checkout,
    terminal: &Terminal,
) -> anyhow::Result<Time> {
    terminal.doing("changing a chapter while it is served");
    let (_server, address) = serve(checkout, terminal, &["--watch"])?;
    let pages = in_order(&checkout.root().join(PAGES))?;
    let page = &pages[pages.len() / 2];
    let chapter = source(&checkout.root().join(TEXT), page);
    let mut times = Vec::new();
    for round in 1..=ROUNDS {
        let words = format!("Change number {round}.");
        let began = Instant::now();
        append(&chapter, &words)?;
        while !get(address, &format!("/{page}"))?.contains(&words) {
            let late = began.elapsed() > PATIENCE;
            ensure!(!late, "{page} has not changed after {PATIENCE:?}");
            terminal.pause(ASK_AGAIN)?;
        }
        times.push(began.elapsed());
    }
    let what = "a chapter is changed, until the served page shows it";
    Ok(Time::new("rebuild", what, &times))
}

/// `cargo run -- build` with the program built already.
pub fn build(checkout: &Checkout, terminal: &Terminal) -> anyhow::Result<Time> {
    terminal.doing("cargo run -- build");
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let command = checkout.cargo(&["run", "--locked", "--", "build"]);
        let running = Running::start("`cargo run -- build`", command)?;
        times.push(running.finish(terminal, |_| ())?);
    }
    let what = "`cargo run -- build`, with the program already built";
    Ok(Time::new("build", what, &times))
}

/// Starts the server, and waits until it says where it is.
fn serve(
    checkout: &Checkout,
    terminal: &Terminal,
    more: &[&str],
) -> anyhow::Result<(Running, SocketAddr)> {
    let words = ["run", "--locked", "--", "--no-open", "--port", "0"];
    let command = checkout.cargo(&[words.as_slice(), more].concat());
    let mut server = Running::start("`cargo run`", command)?;
    while let Some(line) = server.line(terminal)? {
        if let Some(address) = address_in(&line.text) {
            return Ok((server, address));
        }
    }
    Err(server.failure("ended before it served a page"))
}

/// The address in the line by which the reader says where the book is.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, url) = line.split_once("the book is at http://")?;
    url.strip_suffix('/')?.parse().ok()
}

/// The file in the folder `text` that `page` is made of. mdBook calls the page
/// of a `README.md` `index.html`.
fn source(text: &Path, page: &str) -> PathBuf {
    let chapter = text.join(page).with_extension("md");
    let readme = chapter.with_file_name("README.md");
    let is_index = chapter.file_name().is_some_and(|name| name == "index.md");
    if is_index && readme.is_file() { readme } else { chapter }
}

/// Adds a paragraph to the chapter.
fn append(chapter: &Path, words: &str) -> anyhow::Result<()> {
    OpenOptions::new()
        .append(true)
        .open(chapter)
        .and_then(|mut file| write!(file, "\n{words}\n"))
        .with_context(|| format!("cannot change {}", chapter.display()))
}

#[cfg(test)]
mod tests {
    use super::{address_in, source};
    use std::fs;

    #[test]
    fn the_address_is_read_where_the_book_is_named() {
        let address = "127.0.0.1:3001".parse().ok();
        let line = "the book is at http://127.0.0.1:3001/";
        assert_eq!(address_in(line), address);
        for other in [
            "port 3000 is taken, 3001 is free",
            "   Compiling http v1.4.2",
            "the book is at http://",
            "the book is at http://localhost/",
            "see http://127.0.0.1:3001/",
        ] {
            assert_eq!(address_in(other), None, "{other}");
        }
    }

    #[test]
    fn an_index_is_made_of_a_readme() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path();
        fs::create_dir(text.join("part")).unwrap();
        fs::write(text.join("README.md"), "# Book\n").unwrap();
        assert_eq!(source(text, "index.html"), text.join("README.md"));
        assert_eq!(source(text, "a.html"), text.join("a.md"));
        let index = "part/index.html";
        assert_eq!(source(text, index), text.join("part/index.md"));
    }
}
