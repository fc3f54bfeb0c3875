//! Which lines of a code block were typed, and which are included.

use std::path::Path;

use reader::includes::Include;

use crate::markdown::Block;

/// The lines of a block that are not the include of a file that `may_come`.
pub fn typed<'b>(
    block: &'b Block,
    chapter: &'b Path,
    includes: &'b [Include],
    may_come: impl Fn(&Path) -> bool + 'b,
) -> impl Iterator<Item = (usize, &'b str)> {
    let lines = block.lines.iter().map(|(line, code)| (*line, code.as_str()));
    lines.filter(move |(line, code)| {
        let code = code.trim();
        // One include and nothing else: `}}` ends the line.
        let is_include = code.starts_with("{{#")
            && code.find("}}").is_some_and(|end| end + 2 == code.len());
        let comes = includes.iter().any(|include| {
            include.chapter == chapter
                && include.line == *line
                && may_come(&include.target)
        });
        !(code.is_empty() || is_include && comes)
    })
}
