//! Where transcripts are kept.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

use super::script::Script;
use crate::listing::root;

/// A file `transcript.txt` or `transcript-TITLE.txt` in a listing's folder.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct File {
    listing: String,
    name: String,
}

impl File {
    /// The transcripts of a listing, sorted by name; it may have none.
    ///
    /// # Errors
    ///
    /// Where the listing's folder cannot be read.
    pub fn all(listing: &str) -> anyhow::Result<Vec<File>> {
        let mut files = Vec::new();
        let entries = fs::read_dir(root().join("listings").join(listing))
            .with_context(|| format!("cannot read listings/{listing}"))?;
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let file = File { listing: listing.to_owned(), name };
            if file.title().is_some() {
                files.push(file);
            }
        }
        files.sort();
        Ok(files)
    }

    /// The name of its test: that of the listing, and the title if it has one:
    /// `selector-echo` or `selector-echo::as-noted`.
    pub fn test_name(&self) -> String {
        match self.title().unwrap_or_default() {
            "" => self.listing.clone(),
            title => format!("{}::{title}", self.listing),
        }
    }

    /// Its path from the repository's root, as messages show it.
    pub fn shown(&self) -> String {
        format!("listings/{}/{}", self.listing, self.name)
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, and those of [`Script::parse`].
    pub fn read(&self) -> anyhow::Result<Script> {
        self.parse(&self.text()?)
    }

    /// What stands in it.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn text(&self) -> anyhow::Result<String> {
        fs::read_to_string(self.path())
            .with_context(|| format!("cannot read {}", self.shown()))
    }

    /// Reads `text` as if it stood in this file.
    ///
    /// # Errors
    ///
    /// Those of [`Script::parse`].
    pub fn parse(&self, text: &str) -> anyhow::Result<Script> {
        Script::parse(&self.listing, &self.shown(), text)
    }

    /// Replaces what stands in it.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self, text: &str) -> anyhow::Result<()> {
        fs::write(self.path(), text)
            .with_context(|| format!("cannot write {}", self.shown()))
    }

    fn path(&self) -> PathBuf {
        root().join("listings").join(&self.listing).join(&self.name)
    }

    /// The part of the name after `transcript-`, `""` for `transcript.txt`,
    /// and `None` for what is no transcript.
    fn title(&self) -> Option<&str> {
        match self.name.strip_suffix(".txt")?.strip_prefix("transcript")? {
            "" => Some(""),
            rest => rest.strip_prefix('-'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests() {
        let test_name = |name: &str| {
            let (listing, name) = ("echo".to_owned(), name.to_owned());
            let file = File { listing, name };
            file.title().is_some().then(|| file.test_name())
        };
        assert_eq!(test_name("transcript.txt").as_deref(), Some("echo"));
        assert_eq!(
            test_name("transcript-as-noted.txt").as_deref(),
            Some("echo::as-noted")
        );
        assert_eq!(test_name("transcripts.txt"), None);
        assert_eq!(test_name("transcript-old.md"), None);
    }
}
