//! The checks, one a file.

pub mod alt;
pub mod build;
pub mod chapters;
pub mod clippy;
pub mod console;
pub mod docs;
pub mod format;
pub mod includes;
pub mod links;
pub mod listings;
pub mod look;
pub mod play;
pub mod rust_blocks;
pub mod spelling;
pub mod workspace;
