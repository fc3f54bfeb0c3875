//! `docs`: rustdoc has nothing to say.

use std::path::Path;

use reader::Problem;

use crate::cargo::{cargo, diagnostics};
use crate::tool::succeeds;
use crate::{Check, Tool};

pub const CHECK: Check = Check {
    name: "docs",
    says: "rustdoc warns of nothing",
    needs: Some(Tool {
        name: "cargo",
        is_there: || succeeds(&["cargo", "--version"]),
        install: "https://rustup.rs",
    }),
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut command = cargo(root);
    command
        .args(["doc", "--workspace", "--no-deps", "--locked"])
        .args(["--quiet", "--message-format=json"])
        .env("RUSTDOCFLAGS", "-D warnings");
    diagnostics(root, &mut command)
}
