//! Numbers of some servers, as they are shown: in a table, in a plot.

use std::fmt::Write as _;
use std::time::Duration;

use made::thousands;

use crate::models::Family;

/// What is shown of a scene.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The name of its file, without the ending.
    pub id: &'static str,
    /// What is shown.
    pub title: String,
    /// What the columns are: connections that talk.
    pub below: &'static str,
    /// The columns.
    pub columns: Vec<String>,
    /// The servers.
    pub rows: Vec<Row>,
    /// Of the numbers.
    pub unit: Unit,
    /// How it is drawn.
    pub shape: Shape,
}

/// The numbers of a server.
#[derive(Clone, Debug)]
pub struct Row {
    /// The server.
    pub name: String,
    /// What kind of server it is.
    pub family: Family,
    /// A number for each column.
    pub cells: Vec<Cell>,
}

/// A number, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// It could not keep to the rate that was asked for; its own rate.
    TooSlow(f64),
    /// What the server did wrong.
    Fault(String),
    /// It was not measured: that many clients it does not serve.
    Nothing,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unit {
    /// In proportion to the first server.
    Ratio,
    /// Microseconds.
    Micros,
    /// So many a second.
    Rate,
    /// A part of a core.
    Core,
    /// Bytes.
    Bytes,
    /// So many.
    Count,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    /// A line for each server, from column to column.
    Lines,
    /// A row for each server, with a dot for each column.
    Dots,
    /// Not at all: the table says more.
    Table,
}

impl Row {
    /// The numbers above 0 that there are, with their columns.
    pub fn numbers(&self) -> impl Iterator<Item = (usize, f64)> {
        let cells = self.cells.iter().enumerate();
        cells.filter_map(|(column, cell)| match cell {
            Cell::Number(number) if *number > 0.0 => Some((column, *number)),
            _ => None,
        })
    }
}

impl Unit {
    /// A number with its unit.
    pub fn text(self, number: f64) -> String {
        match self {
            Unit::Ratio | Unit::Count => match number {
                100.0.. => format!("{number:.0}"),
                10.0.. => format!("{number:.1}"),
                _ => format!("{number:.2}"),
            },
            Unit::Micros => {
                let time = Duration::from_nanos((number * 1e3) as u64);
                let digits = match number {
                    ..10.0 => 1,
                    ..1e3 => 0,
                    ..1e4 => 1,
                    ..1e6 => 0,
                    _ => 1,
                };
                let text = format!("{time:.digits$?}");
                // The number, and what it counts.
                let unit = text.find(|c: char| c.is_alphabetic());
                let (number, unit) = text.split_at(unit.unwrap_or(0));
                format!("{number} {unit}")
            }
            Unit::Rate => thousands(number.round() as u64),
            Unit::Core => match 100.0 * number {
                part @ 10.0.. => format!("{part:.0} %"),
                part => format!("{part:.1} %"),
            },
            Unit::Bytes => match number {
                1024.0.. => format!("{:.1} KiB", number / 1024.0),
                _ => format!("{number:.0} B"),
            },
        }
    }
}

impl Cell {
    /// As it stands in a table.
    pub fn text(&self, unit: Unit) -> String {
        match self {
            Cell::Number(number) => unit.text(*number),
            Cell::TooSlow(rate) => format!("{}/s", Unit::Rate.text(*rate)),
            Cell::Fault(_) => "fault".to_owned(),
            Cell::Nothing => "–".to_owned(),
        }
    }
}

impl Chart {
    /// As a table for a terminal of 80 columns.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.title);
        let mut line = |name: &str, cells: &mut dyn Iterator<Item = String>| {
            let _ = write!(text, "{name:20}");
            for cell in cells {
                let _ = write!(text, "{cell:>11}");
            }
            text.push('\n');
        };
        line(self.below, &mut self.columns.iter().cloned());
        for row in &self.rows {
            let cells = row.cells.iter();
            line(&row.name, &mut cells.map(|cell| cell.text(self.unit)));
        }
        text
    }

    /// As a table in Markdown.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("| {} |", self.below);
        for column in &self.columns {
            let _ = write!(text, " {column} |");
        }
        text += "\n|---|";
        text += &"--:|".repeat(self.columns.len());
        text.push('\n');
        for row in &self.rows {
            // It may break at its underscore, as others do at their hyphens.
            let name = row.name.replace('_', "\\_<wbr>");
            let _ = write!(text, "| {name} |");
            for cell in &row.cells {
                let _ = write!(text, " {} |", cell.text(self.unit));
            }
            text.push('\n');
        }
        text
    }

    /// In words, for those who do not see the plot.
    pub fn to_words(&self) -> String {
        let mut words = Vec::new();
        for row in &self.rows {
            let cells = row.cells.iter().zip(&self.columns);
            let cells = cells.filter_map(|(cell, column)| match cell {
                Cell::Nothing => None,
                Cell::Fault(why) => Some(format!("{column}: {why}")),
                Cell::TooSlow(rate) => {
                    let rate = Unit::Rate.text(*rate);
                    Some(format!("{column}: no more than {rate} a second"))
                }
                Cell::Number(number) => {
                    Some(format!("{column}: {}", self.unit.text(*number)))
                }
            });
            let cells: Vec<String> = cells.collect();
            words.push(format!("{}: {}.", row.name, cells.join("; ")));
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_units() {
        for (unit, number, text) in [
            (Unit::Ratio, 1.0, "1.00"),
            (Unit::Ratio, 12.34, "12.3"),
            (Unit::Micros, 6.64, "6.6 µs"),
            (Unit::Micros, 66.4, "66 µs"),
            (Unit::Micros, 4_230.0, "4.2 ms"),
            (Unit::Micros, 42_300.0, "42 ms"),
            (Unit::Rate, 176_432.1, "176,432"),
            (Unit::Rate, 999.0, "999"),
            (Unit::Core, 0.064, "6.4 %"),
            (Unit::Core, 1.0, "100 %"),
            (Unit::Bytes, 160.0, "160 B"),
            (Unit::Bytes, 10_240.0, "10.0 KiB"),
        ] {
            assert_eq!(unit.text(number), text);
        }
    }

    #[test]
    fn a_table() {
        let row = |name: &str, cells| Row {
            name: name.to_owned(),
            family: Family::Readiness,
            cells,
        };
        let chart = Chart {
            id: "cpu",
            title: "CPU".to_owned(),
            below: "clients",
            columns: vec!["1".to_owned(), "50".to_owned()],
            rows: vec![
                row("a", vec![Cell::Number(1.0), Cell::Number(0.5)]),
                row("b", vec![Cell::Fault("died".to_owned()), Cell::Nothing]),
            ],
            unit: Unit::Ratio,
            shape: Shape::Lines,
        };
        assert_eq!(
            chart.to_markdown(),
            "| clients | 1 | 50 |\n|---|--:|--:|\n\
             | a | 1.00 | 0.50 |\n| b | fault | – |\n"
        );
        assert_eq!(chart.to_words(), "a: 1: 1.00; 50: 0.50. b: 1: died.");
        let text = chart.to_text();
        let line = text.lines().nth(2).expect("the first server");
        assert_eq!(line, format!("{:20}{:>11}{:>11}", "a", "1.00", "0.50"));
    }
}
