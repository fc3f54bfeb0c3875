//! What the checks look at in a Markdown file, read as mdBook reads it.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{
    BrokenLink, CodeBlockKind, Event, HeadingLevel, LinkType, OffsetIter,
    Options, Parser, Tag, TagEnd,
};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

use crate::place::line_at;

/// A link or an image.
pub struct Link {
    /// Where it leads, as it was written.
    pub target: String,
    /// Its line, counted from 1.
    pub line: usize,
}

/// A code block.
pub struct Block {
    /// The words after the fence: the language, then its attributes. Empty
    /// where there are none, and for indented blocks.
    pub words: Vec<String>,
    /// The line of the fence, counted from 1; of the first line of code for
    /// indented blocks.
    pub line: usize,
    /// Its lines of code with their numbers.
    pub lines: Vec<(usize, String)>,
}

impl Block {
    /// The language after the fence; empty if there is none.
    pub fn language(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// A heading.
pub struct Heading {
    /// 1 for `#`, 2 for `##`.
    pub level: HeadingLevel,
    /// What it says, without its marks.
    pub text: String,
}

fn events(text: &str) -> OffsetIter<'_> {
    let mut options = MarkdownOptions::default();
    // Quotes and dots stay what the author typed, so that offsets hold.
    options.smart_punctuation = false;
    new_cmark_parser(text, &options).into_offset_iter()
}

/// Links and images in the order of the text.
pub fn links(text: &str) -> Vec<Link> {
    let target = |(event, range): (Event<'_>, Range<usize>)| match event {
        Event::Start(
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. },
        ) => {
            let line = line_at(text, range.start);
            Some(Link { target: dest_url.into_string(), line })
        }
        _ => None,
    };
    events(text).filter_map(target).collect()
}

/// Links of the form `[text][label]` whose label stands nowhere: they are
/// shown as they were typed. The target is the label.
pub fn unlabelled(text: &str) -> Vec<Link> {
    let mut unlabelled = Vec::new();
    let note = |link: BrokenLink<'_>| {
        // `[text]` alone is more often a bracket than a link.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let line = line_at(text, link.span.start);
            let target = link.reference.into_string();
            unlabelled.push(Link { target, line });
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    Parser::new_with_broken_link_callback(text, options, Some(note))
        .for_each(drop);
    unlabelled
}

/// The code blocks in the order of the text.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (event, range) in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let words = match kind {
                    CodeBlockKind::Fenced(info) => info
                        .split([',', ' ', '\t'])
                        .filter(|word| !word.is_empty())
                        .map(String::from)
                        .collect(),
                    CodeBlockKind::Indented => Vec::new(),
                };
                let line = line_at(text, range.start);
                open = Some(Block { words, line, lines: Vec::new() });
            }
            Event::Text(code) => {
                if let Some(block) = &mut open {
                    let first = line_at(text, range.start);
                    let lines = (first..).zip(code.lines().map(String::from));
                    block.lines.extend(lines);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// Code spans with their lines.
pub fn spans(text: &str) -> Vec<(usize, String)> {
    let span = |(event, range): (Event<'_>, Range<usize>)| match event {
        Event::Code(code) => {
            Some((line_at(text, range.start), code.into_string()))
        }
        _ => None,
    };
    events(text).filter_map(span).collect()
}

/// The headings in the order of the text.
pub fn headings(text: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut open: Option<Heading> = None;
    for (event, _) in events(text) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                open = Some(Heading { level, text: String::new() });
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut open {
                    heading.text.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => headings.extend(open.take()),
            _ => {}
        }
    }
    headings
}

/// What is read as sentences: the pieces of text that are neither code nor
/// HTML nor an include, with the offset of each.
pub fn prose(text: &str) -> Vec<(usize, String)> {
    let text = without_includes(text);
    let mut in_code = false;
    let mut pieces = Vec::new();
    for (event, range) in events(&text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(piece) if !in_code => {
                pieces.push((range.start, piece.into_string()));
            }
            _ => {}
        }
    }
    pieces
}

/// The text with blanks where the includes were, so that offsets hold.
fn without_includes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{#") {
        let length = rest[start..].find("}}").map_or(0, |length| length + 2);
        if length == 0 {
            break;
        }
        kept.push_str(&rest[..start]);
        kept.extend(std::iter::repeat_n(' ', length));
        rest = &rest[start + length..];
    }
    kept + rest
}

/// The id that GitHub gives to a heading: lower case, without punctuation,
/// with hyphens for blanks.
pub fn heading_id(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    kept.collect()
}
