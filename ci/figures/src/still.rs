//! The ladders that do not change: one scene of one run each.

use std::path::Path;

use anyhow::Context;

use crate::{ladder, run, svg};

/// A ladder of the book.
pub(crate) struct Ladder {
    /// The name of its file, without the ending.
    pub(crate) id: &'static str,
    title: &'static str,
    transcript: &'static str,
    /// The scene's title in the output; empty for all of the output.
    scene: &'static str,
}

/// All ladders of the book that do not change.
pub(crate) const LADDERS: &[Ladder] = &[
    Ladder {
        id: "handshake",
        title: "A connection of alice and bob from its first segment to its last",
        transcript: "handshake/transcript.txt",
        scene: "",
    },
    Ladder {
        id: "fast-retransmit",
        title: "Duplicate acknowledgements: alice sends again at once",
        transcript: "tcp-repair/transcript.txt",
        scene: "the second segment is lost",
    },
    Ladder {
        id: "closing",
        title: "Alice closes, bob still sends, and then closes too",
        transcript: "tcp-close/transcript.txt",
        scene: "one after the other",
    },
];

impl Ladder {
    /// Draws it from the transcript.
    pub(crate) fn draw(&self, root: &Path) -> anyhow::Result<String> {
        let Self { id, title, transcript, scene } = self;
        let runs = run::read(root, transcript)?;
        let run =
            runs.first().with_context(|| format!("{transcript} has no run"))?;
        let rungs = ladder::read(run::scene(&run.output, scene)?)
            .with_context(|| format!("in {transcript}"))?;
        let tip = format!("{id}-tip");
        let pieces = svg::pieces(&rungs, &tip);
        let (height, drawing) = svg::stack(&pieces);
        Ok(format!(
            "<svg class=\"figure\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {width} {height}\" font-size=\"{letters}\" \
             style=\"max-width: 480px\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">{desc}</desc>\n\
             {tip}\n{drawing}</svg>\n",
            width = svg::WIDTH,
            letters = svg::LETTERS,
            desc = svg::words(&pieces),
            tip = svg::tip(&tip),
        ))
    }
}
