//! `rust-blocks`: code that no snippet test compiles comes from a listing,
//! whose crate is built and tested.

use std::path::Path;

use reader::Problem;
use reader::includes::of_book;

use crate::Check;
use crate::book::chapters;
use crate::markdown::{Block, blocks};
use crate::place::problem;
use crate::typed::typed;

pub const CHECK: Check = Check {
    name: "rust-blocks",
    says: "code that the snippet tests leave out comes from a listing",
    needs: None,
    run,
};

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let includes = of_book(root)?;
    let mut problems = Vec::new();
    for chapter in chapters(root)? {
        for block in blocks(&chapter.text).iter().filter(is_untested) {
            for (line, code) in typed(block, &chapter.file, &includes, |path| {
                path.starts_with("listings")
            }) {
                let message = format!(
                    "nothing tests `{}`: include it from a listing{}",
                    code.trim(),
                    match block.language() {
                        "rust" => ", or drop `ignore`",
                        _ => "",
                    },
                );
                problems.push(problem(&chapter.file, line, message));
            }
        }
    }
    Ok(problems)
}

/// Rust that is marked `ignore`, and Python.
fn is_untested(block: &&Block) -> bool {
    match block.language() {
        "rust" => block.words.iter().any(|word| word == "ignore"),
        language => language == "python",
    }
}
