//! `build`: mdBook makes the book without a warning.

use std::path::Path;

use reader::Problem;
use reader::build::{Options, build};

use crate::Check;

pub const CHECK: Check = Check {
    name: "build",
    says: "mdBook builds the book without a warning",
    needs: None,
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let folder = tempfile::tempdir()?;
    let out = Some(folder.path().join("book"));
    let options = Options { out, ..Options::default() };
    Ok(build(root, &options).err().unwrap_or_default())
}
