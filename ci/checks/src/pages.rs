//! The book's pages, as a browser gets them.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use reader::build::{Options, build};
use scraper::{Html, Selector};
use tempfile::TempDir;

use crate::book::{self, Chapter};

/// The built book's folder in the one that is made for it.
pub const BOOK: &str = "book";

/// The book, built into a folder that lives as long as this.
pub struct Pages {
    folder: TempDir,
    /// The chapters with their pages, in reading order.
    pub pages: Vec<Page>,
    ids: HashMap<PathBuf, Option<BTreeSet<String>>>,
}

/// A page and the chapter that it was made from.
pub struct Page {
    /// The chapter.
    pub chapter: Chapter,
    /// The page's file, relative to the folder of the built book.
    pub file: PathBuf,
    /// What stands in it.
    pub html: Html,
}

impl Pages {
    /// Builds the book of the repository at `root`.
    pub fn of_book(root: &Path) -> anyhow::Result<Pages> {
        let folder = tempfile::tempdir()?;
        let out = Some(folder.path().join(BOOK));
        let options = Options { out, ..Options::default() };
        if build(root, &options).is_err() {
            bail!("the book does not build: the check `build` says why");
        }
        let mut pages = Vec::new();
        for chapter in book::chapters(root)? {
            let file = chapter.file.with_extension("html");
            let file = file.strip_prefix(book::FOLDER)?.to_owned();
            let text = fs::read_to_string(folder.path().join(BOOK).join(&file))
                .with_context(|| format!("no page {}", file.display()))?;
            let html = Html::parse_document(&text);
            pages.push(Page { chapter, file, html });
        }
        Ok(Pages { folder, pages, ids: HashMap::new() })
    }

    /// The folder that holds the one of the built book, and nothing else.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The ids in a file of the built book: no set if there is no such file,
    /// an empty one if it is no page. A folder stands for its `index.html`.
    pub fn ids(&mut self, file: &Path) -> Option<&BTreeSet<String>> {
        let mut path = self.folder.path().join(BOOK).join(file);
        if path.is_dir() {
            path.push("index.html");
        }
        let read = || {
            if path.extension().is_none_or(|extension| extension != "html") {
                return path.is_file().then(BTreeSet::new);
            }
            let html = Html::parse_document(&fs::read_to_string(path).ok()?);
            Some(ids(&html).into_iter().map(String::from).collect())
        };
        self.ids.entry(file.to_owned()).or_insert_with(read).as_ref()
    }
}

/// The ids on a page, in order, as often as they stand there.
pub fn ids(html: &Html) -> Vec<&str> {
    let with_id = selector("[id]");
    html.select(&with_id).filter_map(|element| element.attr("id")).collect()
}

/// A CSS selector that is written down in this program.
pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("the selector is well-formed")
}
