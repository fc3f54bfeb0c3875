//! `clippy`: the compiler and clippy have nothing to say.

use std::path::Path;

use reader::Problem;

use crate::cargo::{cargo, diagnostics};
use crate::tool::succeeds;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "clippy",
    says: "the compiler and clippy warn of nothing",
    needs: Some(Tool {
        name: "clippy",
        is_there: || succeeds(&["cargo", "clippy", "--version"]),
        install: "rustup component add clippy",
    }),
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut command = cargo(root);
    command
        .args(["clippy", "--workspace", "--all-targets", "--locked"])
        .args(["--quiet", "--message-format=json", "--", "-D", "warnings"]);
    diagnostics(root, &mut command)
}
