//! Where the book shows a listing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// For each listing the chapter that shows most of it.
pub(crate) struct Homes(BTreeMap<String, Chapter>);

/// A chapter, as a page of an appendix links to it.
#[derive(Clone)]
struct Chapter {
    link: String,
    title: String,
}

impl Homes {
    /// Counts the includes of each listing's code in each chapter. Where two
    /// chapters show as much, the later one is its home: the first has only
    /// met it.
    pub(crate) fn of(root: &Path) -> anyhow::Result<Homes> {
        let mut chapters: Vec<PathBuf> = Vec::new();
        let mut counts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for include in reader::includes::of_book(root)? {
            let mut path = include.target.iter().map(|it| it.to_string_lossy());
            if path.next().as_deref() != Some("listings") {
                continue;
            }
            let (Some(name), Some(folder)) = (path.next(), path.next()) else {
                continue;
            };
            if folder != "src" {
                continue;
            }
            let at = chapters.iter().position(|it| *it == include.chapter);
            let at = at.unwrap_or_else(|| {
                chapters.push(include.chapter.clone());
                chapters.len() - 1
            });
            let counts = counts.entry(name.into_owned()).or_default();
            counts.resize(chapters.len().max(counts.len()), 0);
            counts[at] += 1;
        }
        let chapters: Vec<_> = chapters
            .iter()
            .map(|file| Chapter::read(root, file))
            .collect::<anyhow::Result<_>>()?;
        let homes = counts.into_iter().filter_map(|(name, counts)| {
            let most = (0..counts.len()).max_by_key(|at| counts[*at])?;
            Some((name, chapters[most].clone()))
        });
        Ok(Homes(homes.collect()))
    }

    /// The listing's name, as a link to its chapter if it has one.
    pub(crate) fn link(&self, listing: &str) -> String {
        match self.0.get(listing) {
            Some(chapter) => format!("[`{listing}`]({})", chapter.link),
            None => format!("`{listing}`"),
        }
    }

    /// The title of the listing's chapter, as a link; empty if it has none.
    pub(crate) fn chapter(&self, listing: &str) -> String {
        self.0.get(listing).map_or_else(String::new, |chapter| {
            format!("[{}]({})", chapter.title, chapter.link)
        })
    }
}

impl Chapter {
    fn read(root: &Path, file: &Path) -> anyhow::Result<Chapter> {
        let text = fs::read_to_string(root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        let title = text
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .with_context(|| format!("{} has no title", file.display()))?;
        let path: Vec<_> =
            file.iter().skip(1).map(|it| it.to_string_lossy()).collect();
        let link = format!("../{}", path.join("/"));
        Ok(Chapter { link, title: title.to_owned() })
    }
}
