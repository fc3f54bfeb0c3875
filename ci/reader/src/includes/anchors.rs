//! Anchors: the lines between `ANCHOR: name` and `ANCHOR_END: name`, read as
//! mdBook reads them.

use regex::Regex;
use std::sync::LazyLock;

static START: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"ANCHOR:\s*([\w-]+)").expect("the pattern is a constant")
});
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"ANCHOR_END:\s*([\w-]+)").expect("the pattern is a constant")
});

/// A line of a file: its number, counted from 1, and its text.
pub(super) type Line<'a> = (usize, &'a str);

/// The `ANCHOR: name` lines of `text`: each name and its line, from 1 on.
pub fn anchors_of(text: &str) -> Vec<(String, usize)> {
    lines(text)
        .filter_map(|(number, line)| {
            Some((name(&START, line)?.to_owned(), number))
        })
        .collect()
}

/// The lines of `text`, numbered.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    (1..).zip(text.lines())
}

/// The lines that `anchor` selects, without those that hold anchors. `Err` is
/// a sentence about the anchor, to follow the name of its file.
pub(super) fn select<'a>(
    text: &'a str,
    anchor: &str,
) -> Result<Vec<Line<'a>>, String> {
    let mut inside =
        lines(text).skip_while(|(_, line)| name(&START, line) != Some(anchor));
    if inside.next().is_none() {
        return Err(format!("has no anchor `{anchor}`"));
    }

    let mut selected = Vec::new();
    for (number, line) in inside {
        match name(&END, line) {
            Some(end) if end == anchor => {
                let blank = |(_, line): &Line| line.trim().is_empty();
                return if selected.iter().all(blank) {
                    Err(format!("has nothing between the `{anchor}` anchors"))
                } else {
                    Ok(selected)
                };
            }
            Some(_) => {}
            None if START.is_match(line) => {}
            None => selected.push((number, line)),
        }
    }
    Err(format!("has no end of the anchor `{anchor}`"))
}

/// The name that `pattern` finds in `line`.
fn name<'a>(pattern: &Regex, line: &'a str) -> Option<&'a str> {
    Some(pattern.captures(line)?.get(1)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
first
// ANCHOR: outer
second
// ANCHOR:inner-1
third
// ANCHOR_END: inner-1
// ANCHOR_END: outer
# ANCHOR: empty

# ANCHOR_END: empty
// ANCHOR: endless
last
";

    #[test]
    fn anchors_are_listed_with_their_lines() {
        let names = [("outer", 2), ("inner-1", 4), ("empty", 8)];
        let mut expected: Vec<_> = names.to_vec();
        expected.push(("endless", 11));
        let found = anchors_of(TEXT);
        let found: Vec<_> =
            found.iter().map(|(name, line)| (name.as_str(), *line)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_anchor_selects_its_lines_without_the_anchors_in_it() {
        let outer = Ok(vec![(3, "second"), (5, "third")]);
        assert_eq!(select(TEXT, "outer"), outer);
        assert_eq!(select(TEXT, "inner-1"), Ok(vec![(5, "third")]));
    }

    #[test]
    fn an_anchor_that_selects_nothing_is_told_from_a_missing_one() {
        let error = |anchor| select(TEXT, anchor).err();
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(error("iner"), told("has no anchor `iner`"));
        assert_eq!(
            error("empty"),
            told("has nothing between the `empty` anchors")
        );
        assert_eq!(
            error("endless"),
            told("has no end of the anchor `endless`")
        );
    }
}
