//! A plot of measured times, both of whose axes are logarithmic: on them, half
//! the time for twice the size is a straight line.

use std::path::Path;

use anyhow::{Context, ensure};
use regex::Regex;
use svg::Node;
use svg::node::element::{self, Circle, Group, Text};

use crate::{run, svg as ladder};

/// A plot of the book.
pub(crate) struct Plot {
    /// The name of its file, without the ending.
    pub(crate) id: &'static str,
    title: &'static str,
    transcript: &'static str,
    /// The scene's title in the output.
    scene: &'static str,
    /// A line of the scene, with a group `x`, and a group `y` for the
    /// milliseconds. Other lines are left out.
    line: &'static str,
    below: &'static str,
    above: &'static str,
}

/// All plots of the book.
pub(crate) const PLOTS: &[Plot] = &[Plot {
    id: "syscall-cost",
    title: "The time to read a file, by the bytes that each call asks for",
    transcript: "syscall-cost/transcript.txt",
    scene: "262144 bytes of a file, so many a call",
    line: r"^ *(?<x>\d+) a call: .* (?<y>[\d.]+) ms$",
    below: "bytes that each call asks for",
    above: "milliseconds for all 262144 bytes",
}];

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 378.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 244.0;

impl Plot {
    /// Draws it from the transcript.
    pub(crate) fn draw(&self, root: &Path) -> anyhow::Result<String> {
        let Self { id, title, .. } = self;
        let points = self
            .points(root)
            .with_context(|| format!("in {}", self.transcript))?;
        let words: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x}: {} ms", short(*y)))
            .collect();
        let (drawing, words) = (drawing(self, &points), words.join(", "));
        Ok(format!(
            "<svg class=\"figure\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-size=\"{letters}\" \
             style=\"max-width: 480px\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">A plot with logarithmic axes: to the \
             right, {}; upwards, {}. {words}.</desc>\n{drawing}</svg>\n",
            self.below,
            self.above,
            letters = ladder::LETTERS,
        ))
    }

    fn points(&self, root: &Path) -> anyhow::Result<Vec<(u32, f64)>> {
        let runs = run::read(root, self.transcript)?;
        let run = runs.first().context("it has no run")?;
        let line = Regex::new(self.line)?;
        let points = run::scene(&run.output, self.scene)?
            .iter()
            .filter_map(|text| line.captures(text))
            .map(|found| Ok((found["x"].parse()?, found["y"].parse()?)))
            .collect::<anyhow::Result<Vec<(u32, f64)>>>()?;
        ensure!(points.len() > 1, "{} points are no plot", points.len());
        ensure!(
            points.iter().all(|(x, y)| *x > 0 && *y > 0.0),
            "a logarithm of nothing"
        );
        Ok(points)
    }
}

fn drawing(plot: &Plot, points: &[(u32, f64)]) -> String {
    let logs = points.iter().map(|(_, y)| y.log10());
    let lowest = logs.clone().fold(f64::INFINITY, f64::min).floor();
    let highest = logs.fold(f64::NEG_INFINITY, f64::max).ceil();
    let log_x = |x: u32| f64::from(x).ln();
    let (first, last) = (log_x(points[0].0), log_x(points[points.len() - 1].0));
    // The points keep clear of the axis.
    let from = LEFT + 18.0;
    let x_of =
        |x: u32| from + (log_x(x) - first) / (last - first) * (RIGHT - from);
    let y_of = |log: f64| {
        BOTTOM - (log - lowest) / (highest - lowest) * (BOTTOM - TOP)
    };

    let mut group = Group::new();
    group.append(text(plot.above, LEFT - 36.0, 16.0));
    let mut log = lowest;
    while log <= highest {
        let y = y_of(log);
        let d = format!("M{LEFT} {y:.1}H{RIGHT}");
        group.append(path("line faint", &d));
        let label = short(10_f64.powf(log));
        group.append(
            text(&label, LEFT - 6.0, y + 4.0).set("text-anchor", "end"),
        );
        log += 1.0;
    }
    let mut d = String::new();
    for (nth, (x, y)) in points.iter().enumerate() {
        let (px, py) = (x_of(*x), y_of(y.log10()));
        d += &format!("{}{px:.1} {py:.1}", if nth == 0 { 'M' } else { 'L' });
        let label = text(&x.to_string(), px, BOTTOM + 20.0);
        group.append(label.set("text-anchor", "middle"));
    }
    group.append(path("accent", &d));
    for (x, y) in points {
        let (px, py) = (x_of(*x), y_of(y.log10()));
        let dot = Circle::new()
            .set("class", "act")
            .set("cx", format!("{px:.1}"))
            .set("cy", format!("{py:.1}"))
            .set("r", 4);
        group.append(dot);
    }
    let middle = (LEFT + RIGHT) / 2.0;
    let below = text(plot.below, middle, BOTTOM + 42.0);
    group.append(below.set("text-anchor", "middle"));
    format!("{group}\n")
}

fn path(class: &str, d: &str) -> element::Path {
    element::Path::new().set("class", class).set("d", d)
}

fn text(what: &str, x: f64, y: f64) -> Text {
    Text::new(what).set("x", format!("{x:.1}")).set("y", format!("{y:.1}"))
}

/// With as many digits as are needed to see the size: 143, 8.8, 0.55, 0.01.
fn short(y: f64) -> String {
    match y {
        10.0.. => format!("{y:.0}"),
        1.0.. => format!("{}", (y * 10.0).round() / 10.0),
        _ => format!("{}", (y * 1000.0).round() / 1000.0),
    }
}
