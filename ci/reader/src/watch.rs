//! Waits for changes of the files that the book is made of.

use crate::contents::BOOK_TOML;
use crate::path::slashed;
use anyhow::Context;
use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::sleep;

/// How long after a first change others are waited for: an editor saves a
/// file in several steps, and a checkout changes many files.
const SETTLE: Duration = Duration::from_millis(100);

/// The changes of a book, from the moment of its making on.
pub(crate) struct Changes {
    root: PathBuf,
    /// The folder for the pages, relative to the root if it is in there.
    out: PathBuf,
    events: UnboundedReceiver<notify::Result<Event>>,
    /// It watches until it is dropped.
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Watches `book.toml`, and the folders of `root`: a chapter may include
    /// from any of them. Hidden ones, `target` and `out` are left out.
    pub fn watch(root: &Path, out: &Path) -> anyhow::Result<Changes> {
        let cannot =
            |path: &Path| format!("cannot watch the folder {}", slashed(path));
        let out = out.strip_prefix(root).unwrap_or(out).to_owned();
        // Some systems report the path that has no links in it.
        let root = root.canonicalize().with_context(|| cannot(root))?;
        let (sender, events) = unbounded_channel();
        let mut watcher = notify::recommended_watcher(move |event| {
            // It fails when nobody waits for changes any more.
            let _ = sender.send(event);
        })
        .context("cannot watch for changes")?;

        watcher
            .watch(&root, RecursiveMode::NonRecursive)
            .with_context(|| cannot(&root))?;
        for entry in root.read_dir().with_context(|| cannot(&root))? {
            let entry = entry.with_context(|| cannot(&root))?;
            let folder = entry.path();
            if folder.is_dir()
                && is_watched(&entry.file_name().to_string_lossy())
            {
                watcher
                    .watch(&folder, RecursiveMode::Recursive)
                    .with_context(|| cannot(&folder))?;
            }
        }
        Ok(Changes { root, out, events, _watcher: watcher })
    }

    /// Waits for a change, and for what comes with it. The files are relative
    /// to the root, in the order of their names.
    pub async fn next(&mut self) -> anyhow::Result<BTreeSet<PathBuf>> {
        let mut changed = BTreeSet::new();
        while changed.is_empty() {
            let event = self.events.recv().await;
            let event = event.context("cannot watch for changes any more")?;
            self.note(event, &mut changed)?;
        }
        sleep(SETTLE).await;
        while let Ok(event) = self.events.try_recv() {
            self.note(event, &mut changed)?;
        }
        Ok(changed)
    }

    /// Adds the files of `event` that matter to `changed`.
    fn note(
        &self,
        event: notify::Result<Event>,
        changed: &mut BTreeSet<PathBuf>,
    ) -> anyhow::Result<()> {
        let event = event.context("cannot watch for changes any more")?;
        if event.need_rescan() {
            // The system has dropped events: anything may have changed.
            changed.insert(PathBuf::from(BOOK_TOML));
        }
        if changes_content(&event.kind) {
            let folders_count = changes_folders(&event.kind);
            let paths = event
                .paths
                .iter()
                .filter(|path| folders_count || !path.is_dir())
                .filter_map(|path| path.strip_prefix(&self.root).ok())
                .filter(|path| matters(path, &self.out));
            changed.extend(paths.map(Path::to_owned));
        }
        Ok(())
    }
}

/// Whether `path`, relative to the root, is a part of the book: not made by a
/// build, not hidden, not an editor's. Of what lies in the root itself, only
/// `book.toml` is.
fn matters(path: &Path, out: &Path) -> bool {
    let names: Vec<_> =
        path.iter().map(|name| name.to_string_lossy()).collect();
    match names.as_slice() {
        [] => false,
        [name] => name == BOOK_TOML,
        [folder, .., file] => {
            is_watched(folder)
                && !names.iter().any(|name| name.starts_with('.'))
                && !is_editors(file)
                && !path.starts_with(out)
        }
    }
}

/// Whether a folder of the root can hold a part of the book.
fn is_watched(folder: &str) -> bool {
    folder != "target" && !folder.starts_with('.')
}

/// Whether an event of this kind can change what a page says. A build opens
/// and reads the files: if that counted, each build would start the next.
fn changes_content(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))
    )
}

/// Whether an event of this kind is a change if it is about a folder: one
/// that is made, renamed or removed takes its files along. Windows also says
/// that a folder is modified whenever a file in it is.
fn changes_folders(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Modify(ModifyKind::Any | ModifyKind::Data(_)))
}

/// Whether `file` is one that an editor keeps beside a text for a while.
fn is_editors(file: &str) -> bool {
    // Vim makes a file `4913` to see whether it may.
    file == "4913"
        || file.starts_with('#')
        || file.contains("___jb_")
        || ["~", ".bak", ".swp", ".swx", ".tmp"]
            .iter()
            .any(|end| file.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, DataChange, MetadataKind, RenameMode};

    #[test]
    fn only_the_files_of_the_book_matter() {
        let out = Path::new("site/pages");
        for path in [
            "book.toml",
            "book/SUMMARY.md",
            "book/figures/layers.svg",
            "book/theme/additions.css",
            "listings/first-server/transcript.txt",
            "site/notes.md",
        ] {
            assert!(matters(Path::new(path), out), "{path}");
        }
        for path in [
            "",
            "README.md",
            "target/book/index.html",
            ".git/index",
            "book/.intro.md.swp",
            "book/intro.md~",
            "book/4913",
            "book/#intro.md#",
            "site/pages/index.html",
            "site/.book-1a2b/new/index.html",
        ] {
            assert!(!matters(Path::new(path), out), "{path}");
        }
    }

    #[test]
    fn reading_a_file_is_no_change() {
        let data = ModifyKind::Data(DataChange::Content);
        assert!(changes_content(&EventKind::Modify(data)));
        assert!(changes_content(&EventKind::Any));
        let time = ModifyKind::Metadata(MetadataKind::AccessTime);
        assert!(!changes_content(&EventKind::Modify(time)));
        let read = EventKind::Access(AccessKind::Read);
        assert!(!changes_content(&read));
    }

    #[test]
    fn a_renamed_folder_is_a_change_and_a_modified_one_is_not() {
        let renamed = ModifyKind::Name(RenameMode::Both);
        assert!(changes_folders(&EventKind::Modify(renamed)));
        let modified = ModifyKind::Any;
        assert!(!changes_folders(&EventKind::Modify(modified)));
    }
}
