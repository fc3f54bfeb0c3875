//! The charts of the results.

use made::thousands;

use crate::chart::{Cell, Chart, Row, Shape, Unit};
use crate::models::{MODELS, Model};
use crate::results::{Measured, Results};
use crate::scene::{
    DEPTH, LARGE, MANY, RATE, SILENT, SIZE, Scene, USUAL, WORK_US, on_cores,
};

/// All charts of the scenes that were measured.
pub fn charts(results: &Results) -> Vec<Chart> {
    let mut charts = active(results);
    charts.extend(idle(results));
    charts.extend([
        memory(results),
        counted(
            results,
            "silence",
            "CPU time while nobody talks, as a part of a core".to_owned(),
            format!("{} silent", thousands(SILENT as u64)),
            (Scene::Silence, SILENT),
            (Unit::Core, Shape::Table),
        ),
        counted(
            results,
            "calls",
            format!("System calls a request, {USUAL} connections"),
            "a request".to_owned(),
            (Scene::Calls, USUAL),
            (Unit::Count, Shape::Dots),
        ),
    ]);
    charts.extend(beside_usual(
        results,
        "size",
        "small messages and large ones",
        "bytes",
        [SIZE, LARGE],
        (Scene::Size, LARGE),
    ));
    charts.extend(beside_usual(
        results,
        "pipelined",
        "one request at a time on each connection, and several",
        "requests at once",
        [1, DEPTH],
        (Scene::Pipelined, DEPTH),
    ));
    charts.push(cores(results));
    for chart in &mut charts {
        chart.rows.retain(|row| row.cells.iter().any(|c| *c != Cell::Nothing));
    }
    charts.retain(|chart| !chart.rows.is_empty());
    charts
}

/// More and more connections that talk.
fn active(results: &Results) -> Vec<Chart> {
    let chart = |id, title: String, unit, number: Number| Chart {
        id,
        title,
        below: "connections",
        ..steps(results, Scene::Active, unit, Shape::Lines, number)
    };
    vec![
        chart("active-cpu", cpu_title(results), Unit::Ratio, &|it| {
            cpu_ratio(results, it)
        }),
        chart(
            "active-rate",
            "Answers a second".to_owned(),
            Unit::Rate,
            &|it| it.median(|it| Some(it.rate)),
        ),
        chart(
            "active-p99",
            "99 of 100 answers within, where each client waits for its answer \
             before it asks again"
                .to_owned(),
            Unit::Micros,
            &|it| it.median(|it| Some(it.p99_us)),
        ),
    ]
}

/// More and more connections that are silent.
fn idle(results: &Results) -> Vec<Chart> {
    let rate = thousands(RATE as u64);
    let chart = |id, what, unit, shape, number: Number| Chart {
        id,
        title: format!("{what}, at {rate} requests a second"),
        below: "silent connections",
        ..steps(results, Scene::Idle, unit, shape, number)
    };
    vec![
        chart(
            "idle-cpu",
            "CPU time, as a part of a core",
            Unit::Core,
            Shape::Lines,
            &|it| it.median(|it| it.server_core),
        ),
        chart(
            "idle-p50",
            "Half of the answers within",
            Unit::Micros,
            Shape::Lines,
            &|it| it.median(|it| Some(it.p50_us)),
        ),
        // On a shared machine its noise is as large as the differences.
        chart(
            "idle-p99",
            "99 of 100 answers within",
            Unit::Micros,
            Shape::Table,
            &|it| it.median(|it| Some(it.p99_us)),
        ),
    ]
}

fn memory(results: &Results) -> Chart {
    let done = results.of(Scene::Memory).map(|step| step.done).next();
    let mut chart = counted(
        results,
        "memory",
        format!(
            "Memory of the server for each of {} silent connections",
            thousands(done.unwrap_or(0) as u64)
        ),
        "a connection".to_owned(),
        (Scene::Memory, MANY),
        (Unit::Bytes, Shape::Dots),
    );
    // Its threads are there before anybody comes.
    chart.rows.retain(|row| row.name != "pool-echo");
    chart
}

/// What was counted at one step.
fn counted(
    results: &Results,
    id: &'static str,
    title: String,
    column: String,
    step: (Scene, usize),
    (unit, shape): (Unit, Shape),
) -> Chart {
    Chart {
        id,
        title,
        below: "",
        columns: vec![column],
        rows: rows(results, &[step], Measured::count),
        unit,
        shape,
    }
}

/// The CPU time a request of a step that was measured, and beside it that of
/// the usual connections.
fn beside_usual(
    results: &Results,
    id: &'static str,
    what: &str,
    below: &'static str,
    columns: [usize; 2],
    step: (Scene, usize),
) -> Option<Chart> {
    results.of(step.0).next()?;
    let steps = [(Scene::Active, USUAL), step];
    Some(Chart {
        id,
        title: format!("{}: {what}", cpu_title(results)),
        below,
        columns: columns.map(|number| thousands(number as u64)).to_vec(),
        rows: rows(results, &steps, |it| cpu_ratio(results, it)),
        unit: Unit::Ratio,
        shape: Shape::Dots,
    })
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

/// One of the numbers of a server.
type Number<'a> = &'a dyn Fn(&Measured) -> Option<f64>;

/// A column for each step of a scene.
fn steps(
    results: &Results,
    scene: Scene,
    unit: Unit,
    shape: Shape,
    number: Number,
) -> Chart {
    let columns: Vec<_> = results.of(scene).map(|it| (scene, it.x)).collect();
    let label = |done: usize| thousands(done as u64);
    Chart {
        id: "",
        title: String::new(),
        below: "",
        columns: results.of(scene).map(|it| label(it.done)).collect(),
        rows: rows(results, &columns, number),
        unit,
        shape,
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
