//! Builds the book with mdBook's own library, and serves it on this machine.
//!
//! mdBook renders a misspelt anchor as an empty block and a missing file as
//! raw text, warns at most, and succeeds each time. Here each of these is a
//! [`Problem`], and a book with a problem is not built.

pub mod build;
mod contents;
pub mod includes;
mod listen;
mod path;
mod problem;
pub mod run;
mod serve;
mod watch;

pub use problem::Problem;
