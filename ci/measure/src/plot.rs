//! Plots, as SVG that takes its colours from the page around it.

mod axis;
mod dots;
mod lines;

use svg::Node;
use svg::node::element::{Circle, Group, Path, Text};

use crate::chart::{Chart, Shape};
use crate::models::Family;

const WIDTH: f64 = 400.0;
/// The height of its letters: on a phone they are still 9 pixels high.
const LETTERS: f64 = 11.5;
/// The height of a line of text.
const LINE: f64 = 14.0;
/// Where the title stands.
const TITLE: f64 = 14.0;

/// The plot of a chart; `None` if it is shown as a table alone. It has no
/// colours of its own: they come from [`STYLE`].
pub fn draw(chart: &Chart) -> Option<String> {
    let (kind, drawing, height) = match chart.shape {
        Shape::Table => return None,
        Shape::Lines => {
            let (drawing, height) = lines::draw(chart);
            ("A line for each server", drawing, height)
        }
        Shape::Dots => {
            let (drawing, height) = dots::draw(chart);
            ("A row for each server", drawing, height)
        }
    };
    let id = format!("measured-{}", chart.id);
    let of = match chart.below {
        "" => String::new(),
        below => format!(", by {below}"),
    };
    Some(format!(
        "<svg class=\"figure\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-size=\"{LETTERS}\" \
         style=\"max-width: 560px\">\n\
         <title id=\"{id}-title\">{}{of}</title>\n\
         <desc id=\"{id}-desc\">{kind}. {}</desc>\n{drawing}\n</svg>\n",
        escaped(&chart.title),
        escaped(&chart.to_words()),
    ))
}

/// What figures look like in the book.
pub const STYLE: &str = include_str!("../../../book/theme/additions.css");

/// Colours for a page, or a file, that is not in the book: a light and a dark
/// theme. `root` selects what has them.
pub fn colours(root: &str) -> String {
    format!(
        "{root} {{ --fg: #222; --bg: #fff; --links: #1755b8; \
         --quote-bg: #eef1f6; --table-border-color: #ccc; \
         --mono-font: monospace; color: var(--fg); background: var(--bg); }}\n\
         @media (prefers-color-scheme: dark) {{ {root} {{ --fg: #ddd; \
         --bg: #15181e; --links: #7fb0ff; --quote-bg: #232833; \
         --table-border-color: #444; }} }}\n"
    )
}

/// The plot as a file that can be opened alone.
pub fn alone(drawing: &str) -> String {
    let style = format!(
        "<style>\n{}svg {{ font-family: sans-serif; }}\n{STYLE}</style>\n",
        colours("svg:root")
    );
    let namespace = "<svg xmlns=\"http://www.w3.org/2000/svg\" ";
    let drawing = drawing.replacen("<svg ", namespace, 1);
    match drawing.find("<title") {
        Some(at) => [&drawing[..at], &style, &drawing[at..]].concat(),
        None => drawing,
    }
}

/// How the line of a server looks: those of a kind look alike.
fn line(family: Family, d: &str) -> Path {
    let path = match family {
        Family::Completion => path("accent", d),
        _ => path("line", d),
    };
    match family {
        Family::Blocking => path.set("stroke-dasharray", "7 3"),
        Family::Scanning => path.set("stroke-dasharray", "2 2"),
        Family::Readiness | Family::Completion => path,
    }
    .set("stroke-width", "1.5")
}

fn path(class: &str, d: &str) -> Path {
    Path::new().set("class", class).set("d", d)
}

fn text(what: &str, x: f64, y: f64) -> Text {
    Text::new(what).set("x", format!("{x:.1}")).set("y", format!("{y:.1}"))
}

fn end(text: Text) -> Text {
    text.set("text-anchor", "end")
}

fn middle(text: Text) -> Text {
    text.set("text-anchor", "middle")
}

fn dot(x: f64, y: f64, radius: f64) -> Circle {
    Circle::new()
        .set("cx", format!("{x:.1}"))
        .set("cy", format!("{y:.1}"))
        .set("r", radius)
}

/// The title, in as many lines as it needs; and where it ends.
fn title(words: &str, group: &mut Group) -> f64 {
    const LETTERS_A_LINE: usize = 64;
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        let last = lines.len() - 1;
        if lines[last].len() + word.len() > LETTERS_A_LINE {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    let mut y = TITLE;
    for line in &lines {
        group.append(text(line, 0.0, y).set("font-weight", "bold"));
        y += LINE;
    }
    y
}

/// As text in HTML and SVG.
pub fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
