//! Sizes of files, and of what is loaded with them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use scraper::Html;
use serde::Serialize;

use crate::links;

/// A size in bytes: as it is, and as a server that compresses would send it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Size {
    /// As it is.
    pub raw: u64,
    /// With gzip at level 6, where that makes it smaller: most pictures and
    /// fonts are compressed already.
    pub gzip: u64,
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Size) {
        self.raw += other.raw;
        self.gzip += other.gzip;
    }
}

/// What a file is for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Style sheets.
    Css,
    /// Scripts.
    Scripts,
    /// Fonts.
    Fonts,
    /// Pictures, icons among them.
    Pictures,
    /// Pages in a frame, and all else.
    Other,
}

/// The files of a folder; each is read once.
pub struct Files {
    folder: PathBuf,
    known: HashMap<PathBuf, Rc<File>>,
}

/// What is known of a file.
pub struct File {
    /// Its own size.
    pub size: Size,
    /// What it loads, relative to the folder.
    loads: Vec<PathBuf>,
}

impl Files {
    /// Those below `folder`.
    pub fn below(folder: &Path) -> Files {
        Files { folder: folder.to_owned(), known: HashMap::new() }
    }

    /// The file that is named relative to the folder.
    pub fn get(&mut self, name: &Path) -> anyhow::Result<Rc<File>> {
        if let Some(file) = self.known.get(name) {
            return Ok(Rc::clone(file));
        }
        let bytes = fs::read(self.folder.join(name))
            .with_context(|| format!("cannot read {}", name.display()))?;
        let text = || String::from_utf8_lossy(&bytes);
        let links = match extension(name) {
            "html" => links::of_page(&Html::parse_document(&text())),
            "css" => links::of_css(&text()),
            _ => Vec::new(),
        };
        let targets = links.iter().filter_map(|link| links::target(name, link));
        let loads = targets.collect();
        let size = size_of(&bytes).context("cannot compress")?;
        let file = Rc::new(File { size, loads });
        self.known.insert(name.to_owned(), Rc::clone(&file));
        Ok(file)
    }

    /// The sizes of all that is loaded with the page, the page left out.
    pub fn with(
        &mut self,
        page: &Path,
    ) -> anyhow::Result<BTreeMap<Kind, Size>> {
        let mut sizes = BTreeMap::new();
        let mut seen = HashSet::from([page.to_owned()]);
        let mut open = self.get(page)?.loads.clone();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let file = self.get(&name).with_context(|| {
                format!("{} loads what is not there", page.display())
            })?;
            *sizes.entry(kind_of(&name)).or_default() += file.size;
            open.extend(file.loads.iter().cloned());
        }
        Ok(sizes)
    }
}

fn extension(name: &Path) -> &str {
    name.extension().and_then(|end| end.to_str()).unwrap_or_default()
}

fn kind_of(name: &Path) -> Kind {
    match extension(name) {
        "css" => Kind::Css,
        "js" | "mjs" => Kind::Scripts,
        "woff2" | "woff" | "ttf" | "otf" => Kind::Fonts,
        "avif" | "gif" | "ico" | "jpeg" | "jpg" | "png" | "svg" | "webp" => {
            Kind::Pictures
        }
        _ => Kind::Other,
    }
}

fn size_of(bytes: &[u8]) -> io::Result<Size> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len().min(bytes.len());
    Ok(Size { raw: bytes.len() as u64, gzip: gzip as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_loaded_counts_once_and_what_that_loads_too() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::create_dir_all(folder.path().join("part")).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
        };
        let page = r#"<link rel="stylesheet" href="../a.css">
            <link rel="stylesheet" href="../b.css"><a href="none.html">x</a>"#;
        write("part/page.html", page);
        write("a.css", "@import 'b.css';");
        write("b.css", "a { src: url(f.woff2) } b { src: url(f.woff2) }");
        write("f.woff2", "0123456789");
        let mut files = Files::below(folder.path());
        let sizes = files.with(Path::new("part/page.html")).unwrap();
        let raw: Vec<_> =
            sizes.iter().map(|(kind, size)| (*kind, size.raw)).collect();
        assert_eq!(raw, [(Kind::Css, 16 + 47), (Kind::Fonts, 10)]);
        let page_alone = files.get(Path::new("part/page.html")).unwrap().size;
        assert_eq!(page_alone.raw, page.len() as u64);

        write("part/page.html", r#"<script src="gone.js"></script>"#);
        let mut files = Files::below(folder.path());
        let error = files.with(Path::new("part/page.html")).unwrap_err();
        let words = format!("{error:#}");
        assert!(words.contains("part/page.html loads what is not"), "{words}");
        assert!(words.contains("gone.js"), "{words}");
    }

    #[test]
    fn gzip_makes_text_smaller_and_nothing_bigger() {
        let text = size_of("word ".repeat(1000).as_bytes()).unwrap();
        assert_eq!(text.raw, 5000);
        assert!(text.gzip < 200, "{text:?}");
        assert_eq!(size_of(b"x").unwrap(), Size { raw: 1, gzip: 1 });
    }
}
