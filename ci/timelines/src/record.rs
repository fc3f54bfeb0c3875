//! A scene that was played becomes a timeline.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use testkit::programs::Programs;

use crate::calls::{Descriptors, Line};
use crate::models::{Manner, Model, Threads};
use crate::scene::{Pace, Played, play};
use crate::timeline::{Call, Lane, Sleep, Timeline};

/// Plays the scene with a model's server, and tells what was seen.
///
/// # Errors
///
/// Where a listing is not built, where the system does not let `trace` trace,
/// and where the server does not do its part in time.
pub fn record(
    model: &Model,
    programs: &Programs,
    pace: Pace,
) -> anyhow::Result<Timeline> {
    for _ in 0..TRIES {
        let timeline = timeline(model, &play(model, programs, pace)?)?;
        let busy = timeline.lanes.iter().filter(|it| !it.calls.is_empty());
        if model.manner != Manner::Spreads || busy.count() > 1 {
            return Ok(timeline);
        }
    }
    bail!("in {TRIES} scenes the same thread got both clients")
}

/// Of two threads each gets a client as often as not.
const TRIES: usize = 40;

/// A thread of the server.
#[derive(Default)]
struct Thread {
    born: Option<i64>,
    ended: Option<i64>,
    asked: u64,
    /// With the times of the tracer.
    calls: Vec<(Call, i64, i64)>,
    sleeps: Option<(String, String, i64)>,
    /// How many acts there had been when its last call came back, counting
    /// what came before the first as one.
    seen: Option<usize>,
}

fn timeline(model: &Model, played: &Played) -> anyhow::Result<Timeline> {
    let asks = model.manner == Manner::Asks;
    let mut descriptors = Descriptors::new(played.addrs.clone());
    let mut threads: BTreeMap<usize, Thread> = BTreeMap::new();
    for (nth, text) in played.calls.lines().enumerate() {
        let line: Line = serde_json::from_str(text)
            .with_context(|| format!("not a line of trace: {text}"))?;
        let said = descriptors.read(&line);
        let thread = threads.entry(line.thread).or_default();
        let before = played.cuts.iter().filter(|cut| **cut <= nth).count();
        let has_slept = thread.seen.is_some_and(|seen| seen < before);
        if thread.seen.is_none() && before > 0 {
            thread.born = Some(line.entered_us);
        }
        thread.seen = Some(before);
        let Some(act) = before.checked_sub(1) else { continue };
        if act == played.acts.len() {
            if thread.sleeps.is_none() && thread.ended.is_none() && !asks {
                thread.sleeps = Some((said.call, said.on, line.entered_us));
            }
            continue;
        }
        if line.name == "exit" {
            thread.ended = Some(line.entered_us);
        }
        let woken = has_slept && !asks;
        let Some(left) = line.left_us.filter(|_| woken || said.counts) else {
            continue;
        };
        if asks && said.result == "EAGAIN" {
            thread.asked += 1;
            continue;
        }
        let call = Call {
            act,
            call: said.call,
            on: said.on,
            result: said.result,
            woken,
            entered: 0,
            left: 0,
        };
        thread.calls.push((call, line.entered_us, left));
    }
    let offset = offset(played, &threads)?;
    let time = |us: i64| u64::try_from(us - offset).unwrap_or(0);
    let threads = threads.into_values().map(|thread| Lane {
        name: String::new(),
        born: thread.born.map(time),
        ended: thread.ended.map(time),
        asked: thread.asked,
        calls: thread
            .calls
            .into_iter()
            .map(|(call, entered, left)| Call {
                entered: time(entered),
                left: time(left),
                ..call
            })
            .collect(),
        sleeps: thread.sleeps.map(|(call, on, entered)| Sleep {
            call,
            on,
            entered: time(entered),
        }),
    });
    Ok(Timeline {
        listing: model.listing.to_owned(),
        end: played.end,
        acts: played.acts.clone(),
        lanes: lanes(model, threads.collect()),
    })
}

/// What the tracer's clock showed when that of the scene began. Nothing comes
/// of an act before the act: so it is the least of the differences.
fn offset(
    played: &Played,
    threads: &BTreeMap<usize, Thread>,
) -> anyhow::Result<i64> {
    let calls = threads.values().flat_map(|thread| &thread.calls);
    let differences = calls.map(|(call, _, left)| {
        left - i64::try_from(played.acts[call.act].at).unwrap_or(i64::MAX)
    });
    differences.min().context("the server has done nothing")
}

/// Puts the threads into an order that does not depend on which was begun
/// first, and names them. Those that do nothing share a lane.
fn lanes(model: &Model, threads: Vec<Lane>) -> Vec<Lane> {
    let (mut first, mut others, word) = match model.threads {
        Threads::One => (threads, Vec::new(), ""),
        Threads::Main(word) => {
            let mut threads = threads.into_iter();
            (threads.by_ref().take(1).collect(), threads.collect(), word)
        }
        Threads::Equal(word) => (Vec::new(), threads, word),
    };
    let name = if word.is_empty() { "server" } else { "main" };
    for lane in &mut first {
        lane.name = name.to_owned();
    }
    others.sort_by_key(|lane| {
        let served = |call: &Call| {
            let whom = [&call.on, &call.result];
            ["A", "B"].iter().position(|name| whom.iter().any(|w| w == name))
        };
        let whom = lane.calls.iter().find_map(served);
        let says = lane.calls.iter().map(|it| format!("{} {it}", it.act));
        (whom.unwrap_or(2), says.collect::<Vec<String>>())
    });
    let idle = others.iter().filter(|lane| lane.calls.is_empty()).count();
    let busy = others.len() - idle;
    for (nth, lane) in others.iter_mut().enumerate() {
        lane.name = match idle {
            2.. if nth >= busy => format!("{idle} others"),
            _ => format!("{word} {}", nth + 1),
        };
    }
    others.truncate(busy + idle.min(1));
    first.extend(others);
    first
}

/// Compares a run with the one that is kept: its order, and not its times.
///
/// # Errors
///
/// A sentence that shows the first difference.
pub fn compare(kept: &Timeline, new: &Timeline) -> anyhow::Result<()> {
    let (kept, new) = (kept.order(), new.order());
    let same = kept.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let shows = |lines: &[String]| {
        let from = same.saturating_sub(4);
        let lines = lines.iter().skip(from).take(10).cloned();
        lines.collect::<Vec<_>>().join("\n    ")
    };
    ensure!(
        kept == new,
        "the calls are others\n  kept:\n    {}\n  now:\n    {}",
        shows(&kept),
        shows(&new),
    );
    Ok(())
}
