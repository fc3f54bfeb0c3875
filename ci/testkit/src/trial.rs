//! Tests that a machine may lack something for.

use std::fmt::Display;

use libtest_mimic::{Completion, Failed, Trial};

/// A test of that name. An error fails it, with all its causes in the words.
pub fn trial(
    name: impl Into<String>,
    test: impl FnOnce() -> anyhow::Result<Completion> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || {
        test().map_err(|error| Failed::from(format!("{error:#}")))
    })
}

/// The end of a test that is passed over; `lack` says why: `needs Linux`.
pub fn skipped(lack: impl Display) -> Completion {
    Completion::ignored_with(format!("skipped: {lack}"))
}
