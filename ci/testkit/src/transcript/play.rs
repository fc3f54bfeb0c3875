//! Plays a transcript again and compares.

use anyhow::{Context, anyhow};

use super::normal::Normaliser;
use super::script::{Action, Script, What};
use super::stage::Stage;
use crate::deadline::PATIENCE;
use crate::process::{Heard, Line};
use crate::programs::Programs;

/// Does what the script says, and compares what the programs print with what
/// it has.
///
/// # Errors
///
/// At the first difference: a message with the line, what stands there, what
/// came, and the command that records anew. Also where a program cannot be
/// started.
pub fn play(script: &Script, programs: &Programs) -> anyhow::Result<()> {
    let mut player = Player { script, stage: Stage::new(programs, None) };
    let mut expected = Normaliser::default();
    let mut got = Normaliser::default();
    for step in &script.steps {
        let place = script.at(step.line);
        match &step.what {
            What::Anchor => {}
            What::Act(terminal, action) => {
                if matches!(action, Action::Run(_)) {
                    player.expect_end(*terminal, &place)?;
                }
                player.stage.act(*terminal, action).context(place)?;
            }
            What::Output(terminal, _)
                if player.stage.is_silenced(*terminal) => {}
            What::Output(terminal, text) => {
                let expected = expected.line(text);
                let got = match player.hear(*terminal, &place)? {
                    Heard::Line(Line { text: line, .. }) => got.line(&line),
                    Heard::End => "(its output has ended)".to_owned(),
                    Heard::Nothing => format!("(nothing, in {PATIENCE:?})"),
                };
                if expected != got {
                    return Err(player.differs(&place, &expected, &got));
                }
            }
        }
    }
    let place = format!("{}: at the end", script.file);
    for terminal in player.stage.terminals() {
        player.expect_end(terminal, &place)?;
    }
    Ok(())
}

struct Player<'a> {
    script: &'a Script,
    stage: Stage<'a>,
}

impl Player<'_> {
    fn hear(&mut self, terminal: u8, place: &str) -> anyhow::Result<Heard> {
        let heard = self.stage.hear(terminal, PATIENCE);
        heard.with_context(|| place.to_owned())
    }

    /// Sees that the program in a terminal, if there was one, prints nothing
    /// more and ends.
    fn expect_end(&mut self, terminal: u8, place: &str) -> anyhow::Result<()> {
        if !self.stage.terminals().contains(&terminal) {
            return Ok(());
        }
        let expected = format!("(the end of terminal {terminal}'s program)");
        match self.hear(terminal, place)? {
            Heard::End => Ok(()),
            Heard::Line(Line { text: line, .. }) => {
                Err(self.differs(place, &expected, &line))
            }
            Heard::Nothing => Err(self.differs(
                place,
                &expected,
                &format!(
                    "(it still runs after {PATIENCE:?}; `^C` would end it, \
                     unless SIGINT is ignored where this test was started)"
                ),
            )),
        }
    }

    fn differs(&self, place: &str, expected: &str, got: &str) -> anyhow::Error {
        anyhow!(
            "{place}:\n  expected: {expected}\n  got:      {got}\n  \
             to record anew: cargo run -p testkit -- {}",
            self.script.listing
        )
    }
}
