//! The rungs of a ladder as SVG. Each is drawn at the top of its own piece, so
//! that pieces can be put below one another.

use svg::Node;
use svg::node::element::{Definitions, Group, Marker, Path, Text};

use crate::ladder::{Rung, What, seconds};

/// The width of a ladder.
pub(crate) const WIDTH: u32 = 400;
/// The height of its letters: on a phone they are still 9 pixels high.
pub(crate) const LETTERS: f32 = 11.5;
const LEFT: u32 = 92;
const RIGHT: u32 = 308;
/// A longer pause is shown.
const PAUSE: u64 = 500;

/// A part of a ladder, and how high it is.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) height: u32,
    pub(crate) drawing: String,
    /// What it shows, in words.
    pub(crate) words: String,
}

/// The pieces of a ladder, from top to bottom. `tip` is the id of the
/// arrows' tip.
pub(crate) fn pieces(rungs: &[Rung], tip: &str) -> Vec<Piece> {
    let mut pieces = vec![names()];
    let mut before = rungs.first().map_or(0, |rung| rung.time);
    let (mut left, mut right) = ("", "");
    for rung in rungs {
        if rung.time >= before + PAUSE {
            pieces.push(pause(rung.time - before));
        }
        before = rung.time;
        pieces.push(piece(rung, (left, right), tip));
        // A rung may say nothing of an end.
        for (state, new) in [(&mut left, &rung.left), (&mut right, &rung.right)]
        {
            if !new.is_empty() {
                *state = new;
            }
        }
    }
    pieces
}

/// Draws the piece of one rung. A state is written where it changes.
fn piece(rung: &Rung, before: (&str, &str), tip: &str) -> Piece {
    let (height, mut group) = match &rung.what {
        What::Act(what) => (26, act(what)),
        What::Segment { words, to_the_right, lost } => {
            (36, segment(rung.time, words, *to_the_right, *lost, tip))
        }
    };
    // The sender's state is that of the arrow's start.
    let (y_left, y_right) = match rung.what {
        What::Act(_) => (17, 17),
        What::Segment { to_the_right: true, .. } => (18, 26),
        What::Segment { to_the_right: false, .. } => (26, 18),
    };
    if !rung.left.is_empty() && rung.left != before.0 {
        let x = LEFT - 5;
        group.append(text(&rung.left, x, y_left).set("text-anchor", "end"));
    }
    if !rung.right.is_empty() && rung.right != before.1 {
        group.append(text(&rung.right, RIGHT + 5, y_right));
    }
    finish(height, group, rung.in_words())
}

fn act(what: &str) -> Group {
    let text = text(what, WIDTH / 2, 17).set("text-anchor", "middle");
    Group::new().add(text.set("font-style", "italic"))
}

fn segment(
    time: u64,
    words: &str,
    to_the_right: bool,
    lost: bool,
    tip: &str,
) -> Group {
    let way = RIGHT - LEFT - 2;
    // A lost segment does not get further than this.
    let length = if lost { way * 3 / 4 } else { way };
    let rise = 8 * length / way;
    let (from, to) = if to_the_right {
        (LEFT + 1, LEFT + 1 + length)
    } else {
        (RIGHT - 1, RIGHT - 1 - length)
    };
    let mut arrow = Path::new()
        .set("class", "accent")
        .set("d", format!("M{from} 14L{to} {}", 14 + rise));
    let middle = |what: &str, y: u32| {
        text(what, WIDTH / 2, y).set("text-anchor", "middle")
    };
    let mut group = Group::new();
    if lost {
        let y = 14 + rise;
        let cross =
            format!("M{} {}l10 10m0 -10l-10 10", to - 5, y.saturating_sub(5));
        arrow = arrow.set("stroke-dasharray", "5 3");
        group.append(arrow);
        group.append(
            Path::new()
                .set("class", "line")
                .set("d", cross)
                .set("stroke-width", 2),
        );
    } else {
        group.append(arrow.set("marker-end", format!("url(#{tip})")));
    }
    group.append(middle(words, 11));
    group.append(middle(&below(time, lost), 31).set("class", "faint"));
    group
}

/// What stands below a segment's arrow.
fn below(time: u64, lost: bool) -> String {
    format!("{} s{}", seconds(time), if lost { ", lost" } else { "" })
}

/// All that is written on the arrows of a ladder.
pub(crate) fn texts(rungs: &[Rung]) -> Vec<String> {
    let texts = rungs.iter().filter_map(|rung| match &rung.what {
        What::Segment { words, lost, .. } => {
            Some([words.clone(), below(rung.time, *lost)])
        }
        What::Act(_) => None,
    });
    texts.flatten().collect()
}

fn names() -> Piece {
    let name = |name: &str, x: u32| {
        text(name, x, 15)
            .set("text-anchor", "middle")
            .set("font-weight", "bold")
    };
    let group = Group::new().add(name("alice", LEFT)).add(name("bob", RIGHT));
    Piece {
        height: 22,
        drawing: compact(&group.to_string()),
        words: String::new(),
    }
}

fn pause(millis: u64) -> Piece {
    let words = format!("{} s pass", seconds(millis));
    let text = text(&format!("⋮ {words} ⋮"), WIDTH / 2, 19)
        .set("text-anchor", "middle")
        .set("class", "faint");
    finish(28, Group::new().add(text), format!("{words}."))
}

/// Adds the two lines that go down the sides.
fn finish(height: u32, group: Group, words: String) -> Piece {
    let sides = format!("M{LEFT} 0v{height}M{RIGHT} 0v{height}");
    let sides = Path::new().set("class", "line").set("d", sides);
    let drawing = compact(&group.add(sides).to_string());
    Piece { height, drawing, words }
}

fn text(what: &str, x: u32, y: u32) -> Text {
    Text::new(what).set("x", x).set("y", y)
}

/// The tip of the arrows, with this id.
pub(crate) fn tip(id: &str) -> String {
    let path = Path::new().set("class", "act").set("d", "M0 0L8 4L0 8Z");
    let marker = Marker::new()
        .set("id", id)
        .set("markerWidth", 8)
        .set("markerHeight", 8)
        .set("refX", 7)
        .set("refY", 4)
        .set("orient", "auto")
        .add(path);
    compact(&Definitions::new().add(marker).to_string())
}

/// On one line: the library puts each element on one of its own.
fn compact(drawing: &str) -> String {
    drawing.replace('\n', "")
}

/// The pieces below one another, and how high they are together.
pub(crate) fn stack(pieces: &[Piece]) -> (u32, String) {
    let mut y = 0;
    let mut drawing = String::new();
    for piece in pieces {
        let place = format!("<g transform=\"translate(0 {y})\">");
        drawing += &format!("{place}{}</g>\n", piece.drawing);
        y += piece.height;
    }
    (y, drawing)
}

/// All the pieces' words.
pub(crate) fn words(pieces: &[Piece]) -> String {
    let words: Vec<&str> = pieces
        .iter()
        .map(|piece| &*piece.words)
        .filter(|words| !words.is_empty())
        .collect();
    words.join(" ")
}
