//! A line for each server, from column to column. At the right stand the
//! names, in the order of the lines' ends.

use svg::Node;
use svg::node::element::Group;

use super::axis::Axis;
use super::{LINE, end, line, middle, path, text, title};
use crate::chart::{Chart, Row};

const LEFT: f64 = 44.0;
/// Where the last column is, and where the names begin.
const RIGHT: f64 = 272.0;
const NAMES: f64 = 296.0;
const HEIGHT: f64 = 230.0;

/// The drawing, and its height.
pub(super) fn draw(chart: &Chart) -> (Group, f64) {
    let mut group = Group::new();
    let top = title(&chart.title, &mut group) + 2.0;
    let rows: Vec<&Row> =
        chart.rows.iter().filter(|row| row.numbers().count() > 0).collect();
    let names = LINE * rows.len() as f64;
    let bottom = top + HEIGHT.max(names);
    let all = rows.iter().flat_map(|row| row.numbers().map(|(_, it)| it));
    let all: Vec<f64> = all.collect();
    let Some(axis) = Axis::new(&all, chart.unit, bottom, top) else {
        return (group, bottom);
    };
    for (y, label) in axis.ticks() {
        let d = format!("M{LEFT} {y:.1}H{RIGHT}");
        group.append(path("line faint", &d).set("stroke-width", "0.6"));
        group.append(end(text(&label, LEFT - 5.0, y + 4.0)));
    }
    let last = chart.columns.len().saturating_sub(1).max(1) as f64;
    let first = LEFT + 16.0;
    let x_of = |column: usize| first + (RIGHT - first) * column as f64 / last;
    for (column, label) in chart.columns.iter().enumerate() {
        group.append(middle(text(label, x_of(column), bottom + 17.0)));
    }
    let below = bottom + 17.0 + LINE;
    group.append(middle(text(chart.below, (first + RIGHT) / 2.0, below)));
    let mut ends = Vec::new();
    for row in &rows {
        let mut d = String::new();
        let mut last = (0.0, 0.0);
        let mut next = None;
        for (column, number) in row.numbers() {
            last = (x_of(column), axis.at(number));
            // Nothing is drawn across a column without a number.
            let step = if next == Some(column) { 'L' } else { 'M' };
            next = Some(column + 1);
            d += &format!("{step}{:.1} {:.1}", last.0, last.1);
        }
        if row.numbers().count() == 1 {
            // A point alone is a short line.
            d = format!("M{:.1} {:.1}h6", last.0 - 3.0, last.1);
        }
        group.append(line(row.family, &d));
        ends.push((last, *row));
    }
    ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let wanted: Vec<f64> = ends.iter().map(|(end, _)| end.1).collect();
    for (y, ((x, from), row)) in spread(&wanted, top, bottom).iter().zip(ends) {
        let d = format!("M{x:.1} {from:.1}H{RIGHT}L{:.1} {y:.1}", NAMES - 14.0);
        group.append(path("line faint", &d).set("stroke-width", "0.6"));
        let d = format!("M{:.1} {y:.1}H{:.1}", NAMES - 14.0, NAMES - 3.0);
        group.append(line(row.family, &d));
        group.append(text(&row.name, NAMES, y + 4.0));
    }
    (group, below + 6.0)
}

/// Moves names apart where they would lie on each other; they stay in order,
/// and between the ends if there is room.
fn spread(wanted: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut places = wanted.to_vec();
    let mut least = top;
    for place in &mut places {
        *place = place.max(least);
        least = *place + LINE;
    }
    let mut most = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - LINE;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_apart() {
        let places = spread(&[50.0, 51.0, 52.0, 99.0, 100.0], 0.0, 100.0);
        for pair in places.windows(2) {
            assert!(pair[1] - pair[0] >= LINE - 1e-9, "{places:?}");
        }
        assert!(places.iter().all(|y| (0.0..=100.0).contains(y)));
        assert_eq!(spread(&[10.0, 90.0], 0.0, 100.0), [10.0, 90.0]);
    }
}
