//! `includes`: what chapters include is there, and is all that could be.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use reader::Problem;
use reader::includes::{anchors_of, of_book, problems};

use crate::Check;
use crate::place::{files_below, problem};

pub const CHECK: Check = Check {
    name: "includes",
    says: "includes resolve, and every anchor of a listing is included",
    needs: None,
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = problems(root)?;
    let includes = of_book(root)?;
    let used: HashSet<_> = includes
        .iter()
        .filter_map(|include| {
            Some((include.target.as_path(), include.anchor.as_deref()?))
        })
        .collect();
    for file in files_below(root, Path::new("listings"))? {
        let bytes = fs::read(root.join(&file))?;
        let text = String::from_utf8_lossy(&bytes);
        for (anchor, line) in anchors_of(&text) {
            if !used.contains(&(file.as_path(), anchor.as_str())) {
                let message = format!("no chapter includes anchor `{anchor}`");
                problems.push(problem(&file, line, message));
            }
        }
    }
    Ok(problems)
}
