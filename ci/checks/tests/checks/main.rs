//! Feeds each check a small repository that it passes, breaks one thing, and
//! sees the check name the place.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod alt;
mod build;
mod chapters;
mod clippy;
mod console;
mod docs;
mod format;
mod includes;
mod links;
mod listings;
mod look;
mod program;
mod report;
mod rust_blocks;
mod spelling;
mod tiny;
mod workspace;
