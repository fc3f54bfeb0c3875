//! What the pages of the book weigh, and what the heavy ones hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use reader::build::{Options, build};
use reader::run::NotBuilt;
use scraper::{ElementRef, Html};
use serde::Serialize;

use crate::checkout::Checkout;
use crate::links::selector;
use crate::weights::{Files, Kind, Size};

/// The pages, and what stands beside them.
#[derive(Debug, Serialize)]
pub struct Pages {
    /// One for each chapter, in reading order.
    pub pages: Vec<Page>,
    /// The page that holds the whole book, for printing.
    pub print: Option<Size>,
    /// What is loaded when the reader searches for the first time.
    pub search_index: Option<Size>,
}

/// A page.
#[derive(Debug, Serialize)]
pub struct Page {
    /// Its file, relative to the folder of the pages, with slashes.
    pub file: String,
    /// The file itself.
    pub html: Size,
    /// What is loaded with it. Of the fonts a browser loads only those that
    /// it needs, so this is the most that it can be.
    pub loads: BTreeMap<Kind, Size>,
    /// The page with all that it loads.
    pub all: Size,
    /// What its HTML holds.
    pub holds: Holds,
}

/// What the HTML of a page consists of, in bytes.
#[derive(Debug, Default, Eq, PartialEq, Serialize)]
pub struct Holds {
    /// How many figures stand in it.
    pub figures: usize,
    /// The bytes of these.
    pub figures_bytes: u64,
    /// How many blocks of code and of output.
    pub code: usize,
    /// The bytes of these.
    pub code_bytes: u64,
    /// The rest of the chapter: its text.
    pub text_bytes: u64,
    /// What mdBook puts around each chapter.
    pub frame_bytes: u64,
}

/// Builds the book of the clone, and weighs it. The reader that this program
/// was compiled with does that: its own would have to be compiled first.
pub fn of_book(checkout: &Checkout) -> anyhow::Result<Pages> {
    let folder = checkout.beside("pages");
    let options = Options { out: Some(folder.clone()), ..Options::default() };
    build(&checkout.root(), &options).map_err(NotBuilt)?;
    weigh(&folder)
}

/// Weighs the built book in `folder`.
fn weigh(folder: &Path) -> anyhow::Result<Pages> {
    let mut files = Files::below(folder);
    let mut pages = Vec::new();
    for file in in_order(folder)? {
        let path = Path::new(&file);
        let html = files.get(path)?.size;
        let loads = files.with(path)?;
        let mut all = html;
        loads.values().for_each(|&size| all += size);
        let holds = holds(&fs::read_to_string(folder.join(path))?);
        pages.push(Page { file, html, loads, all, holds });
    }
    let mut size = |name: &str| -> anyhow::Result<Option<Size>> {
        match folder.join(name).is_file() {
            true => Ok(Some(files.get(Path::new(name))?.size)),
            false => Ok(None),
        }
    };
    let print = size("print.html")?;
    let search_index = match search_index(folder)? {
        Some(name) => size(&name)?,
        None => None,
    };
    Ok(Pages { pages, print, search_index })
}

/// The pages that the contents name, in reading order.
pub fn in_order(folder: &Path) -> anyhow::Result<Vec<String>> {
    let contents = fs::read_to_string(folder.join("toc.html"))
        .context("cannot read the contents of the built book, toc.html")?;
    let html = Html::parse_document(&contents);
    let (links, mut pages) = (selector("a[href]"), Vec::new());
    for link in html.select(&links).filter_map(|link| link.attr("href")) {
        let page = link.split('#').next().unwrap_or(link).to_owned();
        if !page.is_empty() && !pages.contains(&page) {
            pages.push(page);
        }
    }
    ensure!(!pages.is_empty(), "toc.html names no page");
    Ok(pages)
}

/// The file with the search index: its name ends in a hash of what it holds.
fn search_index(folder: &Path) -> anyhow::Result<Option<String>> {
    for entry in folder.read_dir().context("cannot list the pages")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("searchindex") && name.ends_with(".js") {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// What the HTML of a page consists of.
fn holds(text: &str) -> Holds {
    let html = Html::parse_document(text);
    let all = text.len() as u64;
    let Some(chapter) = html.select(&selector("main")).next() else {
        return Holds { frame_bytes: all, ..Holds::default() };
    };
    let bytes = |of: ElementRef| of.html().len() as u64;
    let sum = |css: &str| {
        let found = selector(css);
        // An `svg` in an `svg` counts with that.
        let outer = |element: &ElementRef| {
            let mut above = element.ancestors().filter_map(ElementRef::wrap);
            !above.any(|above| found.matches(&above))
        };
        let sizes = chapter.select(&found).filter(outer).map(bytes);
        sizes.fold((0, 0), |(count, sum), size| (count + 1, sum + size))
    };
    let (figures, figures_bytes) = sum("svg[role]");
    let (code, code_bytes) = sum("pre");
    let chapter = bytes(chapter);
    Holds {
        figures,
        figures_bytes,
        code,
        code_bytes,
        text_bytes: chapter.saturating_sub(figures_bytes + code_bytes),
        frame_bytes: all.saturating_sub(chapter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_page_add_up() {
        let svg = r#"<svg role="img"><svg role="img"></svg></svg>"#;
        let main = format!("<main><p>Text.</p>{svg}<pre>code</pre></main>");
        let text = format!("<html><head></head><body>{main}</body></html>");
        let holds = holds(&text);
        assert_eq!((holds.figures, holds.code), (1, 1));
        assert_eq!(holds.figures_bytes, svg.len() as u64);
        assert_eq!(holds.code_bytes, 15);
        assert_eq!(holds.text_bytes, 13 + 12);
        assert_eq!(holds.frame_bytes, 13 * 2 + 6 * 2 + 1);
    }

    #[test]
    fn a_small_book_is_weighed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).unwrap();
        };
        let contents = r#"<a href="b.html">B</a><a href="a.html">A</a>
            <a href="b.html#part">B</a>"#;
        write("toc.html", contents);
        write("a.html", r#"<main>A</main><script src="s.js"></script>"#);
        write("b.html", "<main>B</main>");
        write("s.js", "let it = 0;");
        write("searchindex-1a.js", "{}");
        let Pages { pages, print, search_index } =
            weigh(folder.path()).unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!((pages[0].file.as_str(), pages[0].all.raw), ("b.html", 14));
        let a = &pages[1];
        assert_eq!((a.html.raw, a.all.raw), (42, 42 + 11));
        assert_eq!(print, None);
        assert_eq!(search_index.unwrap().raw, 2);
    }
}
