//! A row for each server, with a dot for each column; what is smallest stands
//! at the top.

use svg::Node;
use svg::node::element::Group;

use super::axis::Axis;
use super::{LINE, dot, end, middle, path, text, title};
use crate::chart::{Chart, Row};

const LEFT: f64 = 116.0;
const RIGHT: f64 = 384.0;
const ROW: f64 = 16.0;

/// The drawing, and its height.
pub(super) fn draw(chart: &Chart) -> (Group, f64) {
    let mut group = Group::new();
    let mut top = title(&chart.title, &mut group) + 2.0;
    let several = chart.columns.len() > 1;
    if several {
        legend(chart, top, &mut group);
        top += LINE + 4.0;
    }
    let last = |row: &Row| row.numbers().last().map(|(_, number)| number);
    let mut rows: Vec<&Row> =
        chart.rows.iter().filter(|row| last(row).is_some()).collect();
    rows.sort_by(|a, b| {
        let (a, b) = (last(a).unwrap_or(0.0), last(b).unwrap_or(0.0));
        a.total_cmp(&b)
    });
    let bottom = top + ROW * rows.len() as f64;
    let all = rows.iter().flat_map(|row| row.numbers().map(|(_, it)| it));
    let all: Vec<f64> = all.collect();
    let Some(axis) = Axis::new(&all, chart.unit, LEFT + 8.0, RIGHT) else {
        return (group, bottom);
    };
    let mut labelled = 0.0;
    for (x, label) in axis.ticks() {
        let d = format!("M{x:.1} {top}V{bottom:.1}");
        group.append(path("line faint", &d).set("stroke-width", "0.6"));
        if x - labelled > 36.0 {
            group.append(middle(text(&label, x, bottom + 15.0)));
            labelled = x;
        }
    }
    for (nth, row) in rows.iter().enumerate() {
        let y = top + ROW * (nth as f64 + 0.5);
        group.append(end(text(&row.name, LEFT, y + 4.0)));
        let places: Vec<_> = row
            .numbers()
            .map(|(column, number)| (column, axis.at(number)))
            .collect();
        if let [(_, from), .., (_, to)] = places[..] {
            let d = format!("M{from:.1} {y:.1}H{to:.1}");
            group.append(path("line", &d));
        }
        for (column, x) in places {
            group.append(mark(column, several, x, y));
        }
    }
    (group, bottom + 22.0)
}

/// Which dot is which column.
fn legend(chart: &Chart, y: f64, group: &mut Group) {
    let mut x = 0.0;
    for (column, label) in chart.columns.iter().enumerate() {
        let words = format!("{}: {label}", chart.below);
        group.append(mark(column, true, x + 6.0, y - 1.0));
        group.append(text(&words, x + 15.0, y + 3.0));
        x += 34.0 + 6.0 * words.chars().count() as f64;
    }
}

/// A ring for the first of several columns, a dot for the others.
fn mark(
    column: usize,
    several: bool,
    x: f64,
    y: f64,
) -> svg::node::element::Circle {
    match (several, column) {
        (true, 0) => dot(x, y, 4.0).set("class", "box"),
        _ => dot(x, y, 4.5).set("class", "act"),
    }
}
