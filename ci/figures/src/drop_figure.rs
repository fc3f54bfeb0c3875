//! The ladder from which the reader drops a segment: every variant is a run
//! of `handshake`, and the page only shows it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::ladder::{self, Rung, What, seconds};
use crate::{run, svg};

/// It swaps the ladder in the page.
const SCRIPT: &str = include_str!("drop_figure.js");

const TIP: &str = "drop-tip";

/// What mends the loss of the first segment, of the second, and so on.
const REPAIRS: [&str; 9] = [
    "Bob does not know that anybody called. Alice's timer runs out after a \
     second, and she sends the SYN again.",
    "Alice cannot know whether her SYN was lost or bob's answer. Her timer \
     runs out, and she sends her SYN again; his timer runs out too, and he \
     sends his SYN+ACK again.",
    "Nothing is sent again. Hello says ack 1 as well, and that is what bob \
     is waiting for.",
    "No ACK comes for hello. Alice's timer runs out, and she sends it again.",
    "Welcome said ack 6 as well. So alice believes that hello was lost, and \
     sends it again. Bob has it already: he throws it away, and says ack 6 \
     once more. Then his own timer runs out, and he sends welcome again.",
    "Alice's FIN said ack 8 as well. So bob's timer runs out first, and he \
     sends welcome again, for nothing. Then alice's timer runs out, and she \
     sends her FIN again.",
    "Nothing is sent again. Bob's FIN says ack 7 as well. Alice never is in \
     FIN-WAIT-2.",
    "Alice waits for bob's FIN, and knows nothing of it. Bob's timer runs \
     out, and he sends it again.",
    "Bob does not know whether his FIN came. His timer runs out, and he sends \
     it again. This is one reason why alice waits in TIME-WAIT: she can still \
     answer, and then she waits from the start.",
];

/// All that the page needs.
#[derive(Serialize)]
struct Data {
    /// What each variant loses; the first loses nothing.
    labels: Vec<String>,
    /// What to say of each variant.
    notes: Vec<String>,
    /// Each piece once: its height, its drawing, its words.
    pieces: Vec<(u32, String, String)>,
    /// The pieces of each variant, from top to bottom.
    ladders: Vec<Vec<usize>>,
}

/// The recorded ladders: that which loses nothing, and one for each segment.
pub(crate) fn ladders(root: &Path) -> anyhow::Result<Vec<Vec<Rung>>> {
    let mut runs = run::read(root, "handshake/transcript.txt")?;
    runs.extend(run::read(root, "handshake/transcript-lose.txt")?);
    let ladders: Vec<Vec<Rung>> = runs
        .iter()
        .enumerate()
        .map(|(n, run)| {
            let lose = format!("cargo run -p handshake -- --lose {n}");
            let right = if n == 0 { "cargo run -p handshake" } else { &lose };
            ensure!(run.command == right, "not `{right}`: {}", run.command);
            ladder::read(&run.output)
        })
        .collect::<Result<_, _>>()?;
    let whole = ladders.first().context("handshake has no run")?;
    let count = segments(whole).count();
    ensure!(count == REPAIRS.len(), "handshake sends {count} segments");
    ensure!(ladders.len() == count + 1, "not one run for each segment");

    Ok(ladders)
}

/// Draws the figure from the transcripts of `handshake`.
pub(crate) fn draw(root: &Path) -> anyhow::Result<String> {
    let ladders = ladders(root)?;
    let still = svg::pieces(&ladders[0], TIP);
    let (height, drawing) = svg::stack(&still);
    let data = serde_json::to_string(&data(&ladders))?;
    // In Markdown, a blank line would end the HTML.
    let script = SCRIPT.replace("\n\n", "\n");
    Ok(format!(
        "<figure class=\"drop\">\n\
         <svg class=\"figure\" role=\"img\" \
         aria-labelledby=\"drop-title drop-desc\" \
         viewBox=\"0 0 {width} {height}\" font-size=\"{letters}\" \
         style=\"max-width: 480px\">\n\
         <title id=\"drop-title\">What TCP does when a segment is lost</title>\n\
         <desc id=\"drop-desc\">{desc}</desc>\n\
         {tip}\n<g>\n{drawing}</g>\n</svg>\n\
         <script type=\"application/json\">{data}</script>\n\
         <script>\n{script}</script>\n</figure>\n",
        width = svg::WIDTH,
        letters = svg::LETTERS,
        desc = svg::words(&still),
        tip = svg::tip(TIP),
    ))
}

fn data(ladders: &[Vec<Rung>]) -> Data {
    let mut labels = vec!["nothing".to_string()];
    labels.extend(
        segments(&ladders[0])
            .enumerate()
            .map(|(i, (rung, words))| label(i + 1, rung, words)),
    );
    let mut notes = vec![format!(
        "Nothing is lost. {} segments, the last of them after {} s.",
        segments(&ladders[0]).count(),
        last(&ladders[0]),
    )];
    notes.extend(ladders[1..].iter().zip(REPAIRS).enumerate().map(
        |(i, (rungs, repair))| {
            format!(
                "Segment {} is lost. {repair} {} segments, the last of them \
                 after {} s.",
                i + 1,
                segments(rungs).count(),
                last(rungs),
            )
        },
    ));
    let mut known = BTreeMap::new();
    let mut pieces = Vec::new();
    let mut number = |piece: svg::Piece| {
        *known.entry(piece.drawing.clone()).or_insert_with(|| {
            pieces.push((piece.height, piece.drawing, piece.words));
            pieces.len() - 1
        })
    };
    let ladders = ladders
        .iter()
        .map(|rungs| {
            svg::pieces(rungs, TIP).into_iter().map(&mut number).collect()
        })
        .collect();
    Data { labels, notes, pieces, ladders }
}

fn segments(rungs: &[Rung]) -> impl Iterator<Item = (&Rung, &str)> {
    rungs.iter().filter_map(|rung| match &rung.what {
        What::Segment { words, .. } => Some((rung, &**words)),
        What::Act(_) => None,
    })
}

/// When the last segment was sent, in seconds.
fn last(rungs: &[Rung]) -> String {
    seconds(segments(rungs).map(|(rung, _)| rung.time).max().unwrap_or(0))
}

/// `2: bob's SYN+ACK`; a segment with data is named for it.
fn label(n: usize, rung: &Rung, words: &str) -> String {
    let to_the_right =
        matches!(rung.what, What::Segment { to_the_right: true, .. });
    let who = if to_the_right { "alice" } else { "bob" };
    let flags = words.split(' ').next().unwrap_or_default();
    let what = match flags {
        "PSH+ACK" if to_the_right => "hello",
        "PSH+ACK" => "welcome",
        "FIN+ACK" => "FIN",
        flags => flags,
    };
    format!("{n}: {who}'s {what}")
}
