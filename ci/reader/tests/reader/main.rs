//! The reader as its user sees it: small books, whole and broken, built and
//! served.
#![expect(clippy::unwrap_used, reason = "a test says what it holds for sure")]

mod builds;
mod includes;
mod serves;
mod support;
mod watches;
