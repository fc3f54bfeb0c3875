//! The results as a page that a browser can open.

use std::fmt::Write as _;

use crate::chart::Chart;
use crate::charts::charts;
use crate::plot::{self, escaped};
use crate::results::Results;

/// The page.
pub fn page(results: &Results) -> String {
    let mut body = String::new();
    let machine = escaped(&results.machine.words());
    let _ = writeln!(body, "<h1>Measured</h1>\n<p>A {machine}</p>");
    for note in results.all_notes() {
        let _ = writeln!(body, "<p>Note: {}</p>", escaped(note));
    }
    for chart in charts(results) {
        match plot::draw(&chart) {
            Some(drawing) => body += &drawing,
            None => {
                let _ = writeln!(body, "<h2>{}</h2>", chart.title);
            }
        }
        body += &table(&chart);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Measured</title>\n<style>\n{}{}{LAYOUT}</style>\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        plot::colours(":root"),
        plot::STYLE,
    )
}

const LAYOUT: &str = "\
body { max-width: 46em; margin: 1em auto; padding: 0 1em; font: 16px sans-serif; }
table { border-collapse: collapse; margin: 1em 0 3em; font-size: 0.85em; }
th, td { padding: 2px 10px; text-align: right; }
td, th { border-bottom: 1px solid var(--table-border-color); }
th:first-child, td:first-child { text-align: left; }
";

fn table(chart: &Chart) -> String {
    let mut text = format!("<table>\n<tr><th>{}</th>", chart.below);
    for column in &chart.columns {
        let _ = write!(text, "<th>{column}</th>");
    }
    text += "</tr>\n";
    for row in &chart.rows {
        let _ = write!(text, "<tr><td>{}</td>", row.name);
        for cell in &row.cells {
            let _ = write!(text, "<td>{}</td>", cell.text(chart.unit));
        }
        text += "</tr>\n";
    }
    text + "</table>\n"
}
