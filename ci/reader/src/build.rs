//! Builds the book: checks its includes, has mdBook render it beside the
//! pages of the last build, and replaces those only if nothing was wrong.

mod replace;
mod warnings;

use crate::Problem;
use crate::contents::{BOOK_TOML, Contents, text_of};
use crate::includes::scan;
use crate::path::{normalised, slashed};
use mdbook_driver::MDBook;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// The path at which a page built with [`Options::live_reload`] opens a
/// WebSocket, before the number of its build.
pub(crate) const LIVE_RELOAD: &str = "__livereload";

/// What mdBook is to make.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Each page opens a WebSocket at `/__livereload/NUMBER`, where NUMBER
    /// tells this build from all others, and loads anew on the message
    /// `reload`.
    pub live_reload: bool,
    /// The folder for the pages; without one, `build-dir` of `book.toml`.
    pub out: Option<PathBuf>,
}

/// Builds the book whose `book.toml` is in `root`. What its folder held
/// before is replaced whole, or, if anything is wrong, left as it was.
///
/// # Errors
///
/// What is wrong with the includes, or else every warning and error of mdBook.
pub fn build(root: &Path, options: &Options) -> Result<(), Vec<Problem>> {
    let pages = Pages::render(root, options)?;
    pages.publish().map_err(|problem| vec![problem])?;
    Ok(())
}

/// A book that is rendered and not yet in its place. Dropped, it is deleted.
pub(crate) struct Pages {
    /// Beside `out`, so that a rename can move the pages there. It is removed
    /// with all that is left in it.
    scratch: TempDir,
    out: PathBuf,
    /// The number that the pages give to the server.
    number: u64,
}

impl Pages {
    /// Has mdBook render the book. The build before it stays as it is.
    pub fn render(
        root: &Path,
        options: &Options,
    ) -> Result<Pages, Vec<Problem>> {
        let one = |problem| vec![problem];
        let root = &absolute(root).map_err(one)?;
        let problems = scan(root).map_err(one)?.problems;
        if !problems.is_empty() {
            return Err(problems);
        }

        let contents = Contents::read(root).map_err(one)?;
        let out = folder_for_pages(root, &contents, options).map_err(one)?;
        let pages = Pages {
            scratch: scratch_beside(&out).map_err(one)?,
            out,
            number: new_number(),
        };

        let mut config = contents.config.clone();
        config.build.build_dir = pages.rendered();
        if options.live_reload {
            let endpoint = format!("{LIVE_RELOAD}/{}", pages.number);
            config
                .set("output.html.live-reload-endpoint", endpoint)
                .map_err(|error| one(contents.blame(&text_of(&error))))?;
        }

        let (result, warnings) = warnings::during(|| {
            MDBook::load_with_config(root, config)?.build()
        });
        let mut problems: Vec<Problem> =
            warnings.iter().map(|warning| contents.blame(warning)).collect();
        if let Err(error) = result {
            problems.push(contents.blame(&text_of(&error)));
        } else if !pages.rendered().join("index.html").is_file() {
            problems.push(Problem::of_file(
                &contents.summary,
                "mdBook made no first page: no chapter is listed, or \
                 [output.html] is not the only output in book.toml",
            ));
        }
        if problems.is_empty() { Ok(pages) } else { Err(problems) }
    }

    /// Puts the pages in their place, and returns their number: higher than
    /// that of any build which this program began before.
    pub fn publish(self) -> Result<u64, Problem> {
        let old = self.scratch.path().join("old");
        replace::replace(&self.out, &self.rendered(), &old).map_err(
            |error| {
                let out = slashed(&self.out);
                let message = format!("cannot replace {out}: {error}");
                Problem::of_file(BOOK_TOML, message)
            },
        )?;
        Ok(self.number)
    }

    fn rendered(&self) -> PathBuf {
        self.scratch.path().join("new")
    }
}

/// A number that no build had before. Those of two programs that run at the
/// same time differ, too.
fn new_number() -> u64 {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let program = u64::from(std::process::id());
    program << 32 | u64::from(COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The folder for the pages of the book in `root`, as an absolute path:
/// `build-dir` of `book.toml`.
pub(crate) fn build_dir(root: &Path) -> Result<PathBuf, Problem> {
    folder_for_pages(root, &Contents::read(root)?, &Options::default())
}

/// The folder for the pages, as an absolute path. All that is there goes with
/// the next build, so it must not hold the text.
fn folder_for_pages(
    root: &Path,
    contents: &Contents,
    options: &Options,
) -> Result<PathBuf, Problem> {
    let build_dir = &contents.config.build.build_dir;
    let out = options.out.clone().unwrap_or_else(|| root.join(build_dir));
    let out = absolute(&out)?;
    if absolute(&root.join(&contents.summary))?.starts_with(&out) {
        let message = format!(
            "the folder for the pages, {}, holds the text: a build would \
             delete it",
            slashed(&out)
        );
        return Err(Problem::of_file(BOOK_TOML, message));
    }
    Ok(out)
}

/// A new folder beside `out`.
fn scratch_beside(out: &Path) -> Result<TempDir, Problem> {
    let parent = out.parent().unwrap_or(out);
    std::fs::create_dir_all(parent)
        .and_then(|()| {
            // Hidden, so that its making is no change of the book.
            tempfile::Builder::new().prefix(".book-").tempdir_in(parent)
        })
        .map_err(|error| {
            let parent = slashed(parent);
            let message = format!("cannot make a folder in {parent}: {error}");
            Problem::of_file(BOOK_TOML, message)
        })
}

/// `path` from the root of the file system on, whether or not it exists.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Problem> {
    std::path::absolute(path).map(|path| normalised(&path)).map_err(|error| {
        let path = slashed(path);
        let message = format!("cannot find the folder {path}: {error}");
        Problem::of_file(BOOK_TOML, message)
    })
}
