//! `{{#include file:anchor}}`, parsed as mdBook's `links` preprocessor parses
//! it, which passes over in silence what it does not understand.

use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The first two alternatives are mdBook's own: an escaped directive, and a
/// directive. The third is what mdBook leaves in the text.
static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \\\{\{\#.*\}\}
        | \{\{\s*\#(?<word>[a-zA-Z0-9_]+)\s+(?<rest>[^}]+)\}\}
        | (?<stray>\{\{\s*\#[^{}\n]*)",
    )
    .expect("the pattern is a constant")
});

/// A directive of a text.
#[derive(Debug, PartialEq)]
pub(super) struct Directive<'a> {
    /// Where it begins, in bytes from the start of the text.
    pub offset: usize,
    pub meaning: Meaning<'a>,
}

#[derive(Debug, PartialEq)]
pub(super) enum Meaning<'a> {
    /// Take in a file, or a part of it.
    Include { path: &'a str, part: Part<'a> },
    /// mdBook shows it as text, or does not do what it seems to say: a
    /// sentence.
    Mistake(String),
}

/// The part of a file that an include takes.
#[derive(Debug, PartialEq)]
pub(super) enum Part<'a> {
    Whole,
    Anchor(&'a str),
    /// A range of line numbers, as written.
    Lines(&'a str),
}

/// The directives of `text` that take in a file, and those that are mistaken.
pub(super) fn directives(text: &str) -> Vec<Directive<'_>> {
    DIRECTIVE
        .captures_iter(text)
        .filter_map(|captures| {
            Some(Directive {
                offset: captures.get_match().start(),
                meaning: meaning(&captures)?,
            })
        })
        .collect()
}

/// `None`: the directive is escaped, or has nothing to do with files.
fn meaning<'a>(captures: &Captures<'a>) -> Option<Meaning<'a>> {
    let whole = captures.get_match().as_str();
    let first_line = whole.lines().next().unwrap_or(whole);
    if let Some(stray) = captures.name("stray") {
        return Some(Meaning::Mistake(format!(
            "`{}` is shown as it stands: mdBook expects \
             `{{{{#include file:anchor}}}}`, or `\\{{{{#` for the text itself",
            stray.as_str().trim_end(),
        )));
    }
    let word = captures.name("word")?.as_str();
    let rest = captures.name("rest")?.as_str();
    if whole.contains('\n') || rest.contains("{{") {
        return Some(Meaning::Mistake(format!(
            "`{first_line}` is not closed with `}}}}` on its line"
        )));
    }

    let mut words = rest.split_whitespace();
    let path = words.next();
    match (word, path) {
        ("title", _) => None,
        ("playground" | "playpen", Some(path)) => {
            Some(Meaning::Include { path, part: Part::Whole })
        }
        ("include" | "rustdoc_include", Some(_)) if words.next().is_some() => {
            Some(Meaning::Mistake(format!(
                "`{whole}` has a space in the name of its file or anchor: \
                 mdBook reads only what stands before it"
            )))
        }
        ("include" | "rustdoc_include", Some(path)) => {
            let (path, part) = path.split_once(':').unwrap_or((path, ""));
            Some(Meaning::Include { path, part: part_named(part) })
        }
        _ => Some(Meaning::Mistake(format!(
            "`{whole}` is shown as it stands: mdBook has no such directive"
        ))),
    }
}

/// What stands after `file:`. mdBook takes a name for an anchor, and numbers
/// (`5`, `5:9`, `:9`, `5:`) for lines.
fn part_named(text: &str) -> Part<'_> {
    let (first, second) = text.split_once(':').unwrap_or((text, ""));
    let number = |text: &str| text.parse::<usize>().is_ok();
    if number(first) || (first.is_empty() && number(second)) {
        Part::Lines(text)
    } else if first.is_empty() {
        Part::Whole
    } else {
        Part::Anchor(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Meaning<'_> {
        let mut found = directives(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0).meaning
    }

    #[test]
    fn a_file_with_its_part_is_understood() {
        for (text, path, part) in [
            ("{{#include a.rs}}", "a.rs", Part::Whole),
            ("{{#include a.rs:}}", "a.rs", Part::Whole),
            ("{{#include a.rs:serve}}", "a.rs", Part::Anchor("serve")),
            ("{{ #include a.rs:x:y }}", "a.rs", Part::Anchor("x")),
            ("{{#rustdoc_include a.rs:-5}}", "a.rs", Part::Anchor("-5")),
            ("{{#include a.rs:5}}", "a.rs", Part::Lines("5")),
            ("{{#include a.rs:5:9}}", "a.rs", Part::Lines("5:9")),
            ("{{#include a.rs::9}}", "a.rs", Part::Lines(":9")),
            ("{{#playground a.rs editable}}", "a.rs", Part::Whole),
        ] {
            assert_eq!(only(text), Meaning::Include { path, part }, "{text}");
        }
    }

    #[test]
    fn the_place_of_each_directive_is_known() {
        let found = directives("{{#include a}} and {{#include b}}");
        let offsets: Vec<usize> =
            found.iter().map(|found| found.offset).collect();
        assert_eq!(offsets, [0, 19]);
    }

    #[test]
    fn what_mdbook_passes_over_is_a_mistake() {
        for text in [
            "{{#include a.rs",
            "{{# include a.rs}}",
            "{{#inclde a.rs}}",
            "{{#include}}",
            "{{#include a.rs: anchor}}",
            "{{#include a.rs\n and more }}",
            "{{#include a.rs {{#include b.rs}}",
        ] {
            let found = only(text);
            assert!(matches!(found, Meaning::Mistake(_)), "{text}: {found:?}");
        }
    }

    #[test]
    fn escaped_directives_and_titles_are_let_be() {
        let text = "\\{{#include a.rs}} {{#title A page}} {{ other }}";
        assert_eq!(directives(text), []);
    }
}
