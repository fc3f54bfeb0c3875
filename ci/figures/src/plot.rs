//! A plot of measured times, both of whose axes are logarithmic: on them, half
//! the time for twice the size is a straight line, and so is twice the time.

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
    /// The scene's title in the output; empty for all of it.
    scene: &'static str,
    curves: &'static [Curve],
    /// Of the times.
    unit: &'static str,
    below: &'static str,
    above: &'static str,
}

struct Curve {
    /// Stands beside its end; empty where there is no other.
    name: &'static str,
    /// A line of the scene, with a group `x`, and a group `y` for the time.
    /// Other lines are left out.
    line: &'static str,
}

/// A size and a time.
type Point = (u32, f64);

/// All plots of the book.
pub(crate) const PLOTS: &[Plot] = &[
    Plot {
        id: "syscall-cost",
        title: "The time to read a file, by the bytes that each call asks for",
        transcript: "syscall-cost/transcript.txt",
        scene: "262144 bytes of a file, so many a call",
        curves: &[Curve {
            name: "",
            line: r"^ *(?<x>\d+) a call: .* (?<y>[\d.]+) ms$",
        }],
        unit: "ms",
        below: "bytes that each call asks for",
        above: "milliseconds for all 262144 bytes",
    },
    Plot {
        id: "poll-scan",
        title: "The time of one call, by the number of sockets",
        transcript: "poll-scan/transcript.txt",
        scene: "",
        curves: &[
            Curve {
                name: "poll",
                line: r"^ *(?<x>\d+) sockets: .*\bpoll (?<y>[\d.]+) µs",
            },
            Curve {
                name: "epoll",
                line: r"^ *(?<x>\d+) sockets: .*\bepoll (?<y>[\d.]+) µs",
            },
        ],
        unit: "µs",
        below: "sockets that are watched",
        above: "microseconds for one call",
    },
];

const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 378.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 244.0;

impl Plot {
    /// Draws it from the transcript.
    pub(crate) fn draw(&self, root: &Path) -> anyhow::Result<String> {
        let Self { id, title, unit, .. } = self;
        let mut curves = Vec::new();
        let mut words = Vec::new();
        for Curve { name, line } in self.curves {
            let points = self
                .points(root, line)
                .with_context(|| format!("in {}", self.transcript))?;
            let times: Vec<String> = points
                .iter()
                .map(|(x, y)| format!("{x}: {} {unit}", short(*y)))
                .collect();
            let times = times.join(", ");
            words.push(match *name {
                "" => format!("{times}."),
                name => format!("For {name}, {times}."),
            });
            curves.push((*name, points));
        }
        let (drawing, words) = (drawing(self, &curves), words.join(" "));
        Ok(format!(
            "<svg class=\"figure\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-size=\"{letters}\" \
             style=\"max-width: 480px\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">A plot with logarithmic axes: to the \
             right, {}; upwards, {}. {words}</desc>\n{drawing}</svg>\n",
            self.below,
            self.above,
            letters = ladder::LETTERS,
        ))
    }

    fn points(&self, root: &Path, line: &str) -> anyhow::Result<Vec<Point>> {
        let runs = run::read(root, self.transcript)?;
        let run = runs.first().context("it has no run")?;
        let line = Regex::new(line)?;
        let points = run::scene(&run.output, self.scene)?
            .iter()
            .filter_map(|text| line.captures(text))
            .map(|found| Ok((found["x"].parse()?, found["y"].parse()?)))
            .collect::<anyhow::Result<Vec<Point>>>()?;
        ensure!(points.len() > 1, "{} points are no plot", points.len());
        ensure!(
            points.iter().all(|(x, y)| *x > 0 && *y > 0.0),
            "a logarithm of nothing"
        );
        Ok(points)
    }
}

/// All curves have the same sizes.
fn drawing(plot: &Plot, curves: &[(&str, Vec<Point>)]) -> String {
    let points = &curves[0].1;
    let all = curves.iter().flat_map(|(_, points)| points);
    let logs = all.map(|(_, y)| y.log10());
    let lowest = logs.clone().fold(f64::INFINITY, f64::min).floor();
    let highest = logs.fold(f64::NEG_INFINITY, f64::max).ceil();
    let log_x = |x: u32| f64::from(x).ln();
    let (first, last) = (log_x(points[0].0), log_x(points[points.len() - 1].0));
    // The points keep clear of the axis, and of the names at their end.
    let from = LEFT + 18.0;
    let named = curves.iter().any(|(name, _)| !name.is_empty());
    let to = if named { RIGHT - 36.0 } else { RIGHT };
    let x_of =
        |x: u32| from + (log_x(x) - first) / (last - first) * (to - from);
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
    for (x, _) in points {
        let label = text(&x.to_string(), x_of(*x), BOTTOM + 20.0);
        group.append(label.set("text-anchor", "middle"));
    }
    for (name, points) in curves {
        let mut d = String::new();
        for (nth, (x, y)) in points.iter().enumerate() {
            let (px, py) = (x_of(*x), y_of(y.log10()));
            let step = if nth == 0 { 'M' } else { 'L' };
            d += &format!("{step}{px:.1} {py:.1}");
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
        if let (Some((x, y)), false) = (points.last(), name.is_empty()) {
            let (px, py) = (x_of(*x) + 8.0, y_of(y.log10()) + 4.0);
            group.append(text(name, px, py).set("class", "back"));
        }
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
