//! The charts of the results.

use load::Numbers;

use crate::chart::{Cell, Chart, Row, Shape, Unit, thousands};
use crate::models::{MODELS, Model};
use crate::results::{Measured, Results};
use crate::scene::{
    DEPTH, LARGE, MANY, RATE, SILENT, SIZE, Scene, USUAL, WORK_US, on_cores,
};

/// One of the numbers of a server.
type Number = fn(&Numbers) -> Option<f64>;

/// All charts of the scenes that were measured.
pub fn charts(results: &Results) -> Vec<Chart> {
    let mut charts = vec![
        active(results, "active-cpu", Unit::Ratio),
        active(results, "active-rate", Unit::Rate),
        active(results, "active-p99", Unit::Micros),
        idle(results, "idle-cpu", Unit::Core, |it| it.server_core),
        idle(results, "idle-p50", Unit::Micros, |it| Some(it.p50_us)),
        idle(results, "idle-p99", Unit::Micros, |it| Some(it.p99_us)),
        memory(results),
        silence(results),
        calls(results),
        size(results),
        pipelined(results),
        cores(results),
    ];
    for chart in &mut charts {
        chart.rows.retain(|row| row.cells.iter().any(|c| *c != Cell::Nothing));
    }
    // They compare with what was measured in another scene.
    let compared = [("size", Scene::Size), ("pipelined", Scene::Pipelined)];
    charts.retain(|chart| {
        let scene = compared.iter().find(|(id, _)| *id == chart.id);
        let measured = |(_, scene): &(_, Scene)| results.of(*scene).count() > 0;
        !chart.rows.is_empty() && scene.is_none_or(measured)
    });
    charts
}

fn active(results: &Results, id: &'static str, unit: Unit) -> Chart {
    let title = match unit {
        Unit::Ratio => cpu_title(results),
        Unit::Rate => "Answers a second".to_owned(),
        _ => {
            "99 of 100 answers within, where each client waits for its answer \
              before it asks again"
                .to_owned()
        }
    };
    let number = |it: &Measured| match unit {
        Unit::Ratio => cpu_ratio(results, it),
        Unit::Rate => it.median(|it| Some(it.rate)),
        _ => it.median(|it| Some(it.p99_us)),
    };
    Chart {
        id,
        title,
        below: "connections",
        ..steps(results, Scene::Active, unit, number)
    }
}

fn idle(
    results: &Results,
    id: &'static str,
    unit: Unit,
    number: Number,
) -> Chart {
    let rate = thousands(RATE);
    let (what, shape) = match id {
        "idle-cpu" => ("CPU time, as a part of a core,", Shape::Lines),
        "idle-p50" => ("Half of the answers within,", Shape::Lines),
        // On a shared machine its noise is as large as the differences.
        _ => ("99 of 100 answers within,", Shape::Table),
    };
    Chart {
        id,
        title: format!("{what} at {rate} requests a second"),
        below: "silent connections",
        shape,
        ..steps(results, Scene::Idle, unit, |it| it.median(number))
    }
}

fn memory(results: &Results) -> Chart {
    let done = results.of(Scene::Memory).map(|step| step.done).next();
    let mut rows = rows(results, &[(Scene::Memory, MANY)], Measured::count);
    // Its threads are there before anybody comes.
    rows.retain(|row| row.name != "pool-echo");
    Chart {
        id: "memory",
        title: format!(
            "Memory of the server for each of {} silent connections",
            thousands(done.unwrap_or(0) as f64)
        ),
        below: "",
        columns: vec!["a connection".to_owned()],
        rows,
        unit: Unit::Bytes,
        shape: Shape::Dots,
    }
}

fn silence(results: &Results) -> Chart {
    Chart {
        id: "silence",
        title: "CPU time while nobody talks, as a part of a core".to_owned(),
        below: "",
        columns: vec![format!("{} silent", thousands(SILENT as f64))],
        rows: rows(results, &[(Scene::Silence, SILENT)], Measured::count),
        unit: Unit::Core,
        shape: Shape::Table,
    }
}

fn calls(results: &Results) -> Chart {
    Chart {
        id: "calls",
        title: format!("System calls a request, {USUAL} connections"),
        below: "",
        columns: vec!["a request".to_owned()],
        rows: rows(results, &[(Scene::Calls, USUAL)], Measured::count),
        unit: Unit::Count,
        shape: Shape::Dots,
    }
}

fn size(results: &Results) -> Chart {
    let columns = [(Scene::Active, USUAL), (Scene::Size, LARGE)];
    Chart {
        id: "size",
        title: format!("{}: small messages and large ones", cpu_title(results)),
        below: "bytes",
        columns: vec![format!("{SIZE}"), thousands(LARGE as f64)],
        rows: rows(results, &columns, |it| cpu_ratio(results, it)),
        unit: Unit::Ratio,
        shape: Shape::Dots,
    }
}

fn pipelined(results: &Results) -> Chart {
    let columns = [(Scene::Active, USUAL), (Scene::Pipelined, DEPTH)];
    Chart {
        id: "pipelined",
        title: format!(
            "{}: one request at a time on each connection, and several",
            cpu_title(results)
        ),
        below: "requests at once",
        columns: vec!["1".to_owned(), DEPTH.to_string()],
        rows: rows(results, &columns, |it| cpu_ratio(results, it)),
        unit: Unit::Ratio,
        shape: Shape::Dots,
    }
}

fn cores(results: &Results) -> Chart {
    let able = MODELS.iter().filter(|model| model.has_threads());
    let cell = |model: &Model, work_us| {
        let name = on_cores(model.name, 2);
        let measured = results.at(Scene::Cores, work_us, &name);
        cell(measured, |it| it.median(|n| Some(n.rate_ratio?.median)))
    };
    let row = |model: &Model| Row {
        name: model.name.to_owned(),
        family: model.family,
        cells: vec![cell(model, 0), cell(model, WORK_US)],
    };
    Chart {
        id: "cores",
        title: "Answers a second with two cores, in proportion to one"
            .to_owned(),
        below: "work a request",
        columns: vec!["none".to_owned(), format!("{WORK_US} µs")],
        rows: able.map(row).collect(),
        unit: Unit::Ratio,
        shape: Shape::Dots,
    }
}

/// A column for each step of a scene.
fn steps(
    results: &Results,
    scene: Scene,
    unit: Unit,
    number: impl Fn(&Measured) -> Option<f64>,
) -> Chart {
    let columns: Vec<_> = results.of(scene).map(|it| (scene, it.x)).collect();
    let label = |done: usize| thousands(done as f64);
    Chart {
        id: "",
        title: String::new(),
        below: "",
        columns: results.of(scene).map(|it| label(it.done)).collect(),
        rows: rows(results, &columns, number),
        unit,
        shape: Shape::Lines,
    }
}

fn rows(
    results: &Results,
    columns: &[(Scene, usize)],
    number: impl Fn(&Measured) -> Option<f64>,
) -> Vec<Row> {
    let row = |model: &Model| Row {
        name: model.name.to_owned(),
        family: model.family,
        cells: columns
            .iter()
            .map(|&(scene, x)| {
                let measured = results.at(scene, x, model.name);
                match measured.and_then(|it| too_slow(scene, it)) {
                    Some(rate) => Cell::TooSlow(rate),
                    None => cell(measured, &number),
                }
            })
            .collect(),
    };
    MODELS.iter().map(row).collect()
}

/// The rate of a server that could not keep to the rate of the scene.
fn too_slow(scene: Scene, measured: &Measured) -> Option<f64> {
    let rate = measured.median(|it| Some(it.rate))?;
    (scene == Scene::Idle && rate < 0.95 * RATE).then_some(rate)
}

fn cell(
    measured: Option<&Measured>,
    number: impl Fn(&Measured) -> Option<f64>,
) -> Cell {
    match measured {
        None => Cell::Nothing,
        Some(Measured { fault: Some(why), .. }) => Cell::Fault(why.clone()),
        Some(measured) => number(measured).map_or(Cell::Nothing, Cell::Number),
    }
}

/// CPU time a request in proportion to the reference's; 1 for that one.
fn cpu_ratio(results: &Results, measured: &Measured) -> Option<f64> {
    match measured.name == reference(results) {
        true => measured.median(|it| Some(it.rate)).map(|_| 1.0),
        false => measured.median(|it| Some(it.cpu_ratio?.median)),
    }
}

fn cpu_title(results: &Results) -> String {
    let reference = reference(results);
    format!("CPU time a request, in proportion to {reference}")
}

/// The server that the others are compared with.
fn reference(results: &Results) -> &str {
    let mut steps = results.steps.iter();
    let step = steps.find(|step| step.scene != Scene::Cores);
    step.map_or("", |step| &step.reference)
}
