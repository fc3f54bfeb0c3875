//! Where the book shows a listing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// For each listing the chapter that shows most of it.
pub(crate) struct Homes(BTreeMap<String, PathBuf>);

impl Homes {
    /// Counts the includes of each listing's code in each chapter. Where two
    /// chapters show as much, the later one is its home: the first has only
    /// met it. An appendix is one only where no chapter is.
    pub(crate) fn of(root: &Path) -> anyhow::Result<Homes> {
        let mut counts: BTreeMap<String, Vec<(PathBuf, usize)>> =
            BTreeMap::new();
        for include in reader::includes::of_book(root)? {
            let mut path = include.target.iter().map(|it| it.to_string_lossy());
            let (Some(top), Some(name), Some(folder)) =
                (path.next(), path.next(), path.next())
            else {
                continue;
            };
            if top != "listings" || folder != "src" {
                continue;
            }
            let counts = counts.entry(name.into_owned()).or_default();
            match counts.iter_mut().find(|it| it.0 == include.chapter) {
                Some((_, count)) => *count += 1,
                None => counts.push((include.chapter.clone(), 1)),
            }
        }
        let homes = counts.into_iter().filter_map(|(name, counts)| {
            let most = counts.into_iter().max_by_key(|(chapter, count)| {
                (!chapter.starts_with("book/appendices"), *count)
            })?;
            Some((name, most.0))
        });
        Ok(Homes(homes.collect()))
    }

    /// The listing's name, as a link to its chapter if it has one.
    pub(crate) fn link(&self, listing: &str) -> String {
        match self.0.get(listing) {
            Some(chapter) => format!("[`{listing}`]({})", link(chapter)),
            None => format!("`{listing}`"),
        }
    }
}

/// How a page of an appendix links to a chapter.
fn link(chapter: &Path) -> String {
    let path: Vec<_> =
        chapter.iter().skip(1).map(|it| it.to_string_lossy()).collect();
    format!("../{}", path.join("/"))
}
