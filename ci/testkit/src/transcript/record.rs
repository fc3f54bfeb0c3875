//! Records a transcript anew.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::normal::has_os_error;
use super::script::{Action, Script, What};
use super::stage::Stage;
use crate::process::{Heard, Line};
use crate::programs::Programs;
use crate::queue::Queue;

/// A dialogue rests when nothing was printed for so long. Only the recorder
/// may go by the clock: what it writes is then played by order alone.
const QUIET: Duration = Duration::from_millis(400);

/// How long a program may print without a rest, and may take to end.
const AT_MOST: Duration = Duration::from_secs(20);

/// Does what the actions of the script say, and returns the text of the file
/// with what the programs print now. The actions and anchors stay; the output
/// of all terminals stands after the action that caused it, in the order in
/// which it came. Where a program prints each line before the act that lets
/// another go on, that is the order of cause and effect.
///
/// # Errors
///
/// Where a program cannot be started, or does not end where it should, or
/// prints a line that this file cannot hold, or an error in the words of
/// another system than Linux.
pub fn record(script: &Script, programs: &Programs) -> anyhow::Result<String> {
    let stage = Stage::new(programs, Some(Queue::new()?));
    let heads = heads(script);
    let mut recorder = Recorder { script, stage, heads, text: String::new() };
    let mut anchors = Vec::new();
    for step in &script.steps {
        match &step.what {
            What::Output(..) => anchors.clear(),
            What::Anchor => anchors.push(&step.text),
            What::Act(terminal, action) => {
                if matches!(action, Action::Run(_)) {
                    recorder
                        .until_end(*terminal)
                        .with_context(|| script.at(step.line))?;
                }
                anchors.drain(..).for_each(|anchor| recorder.line(anchor));
                recorder.line(&step.text);
                recorder
                    .stage
                    .act(*terminal, action)
                    .and_then(|()| recorder.until_quiet(Vec::new()))
                    .with_context(|| script.at(step.line))?;
            }
        }
    }
    for terminal in recorder.stage.terminals() {
        recorder
            .until_end(terminal)
            .with_context(|| format!("{}: at the end", script.file))?;
    }
    if let Some((head, _)) = recorder.heads.front() {
        bail!("{}: no program prints `{head}` any more", script.file);
    }
    anchors.into_iter().for_each(|anchor| recorder.line(anchor));
    Ok(recorder.text)
}

/// The lines of output before which anchors stand, and those anchors.
fn heads(script: &Script) -> VecDeque<(&str, Vec<&str>)> {
    let mut heads = VecDeque::new();
    let mut anchors: Vec<&str> = Vec::new();
    for step in &script.steps {
        match step.what {
            What::Anchor => anchors.push(&step.text),
            What::Act(..) => anchors.clear(),
            What::Output(..) if anchors.is_empty() => {}
            What::Output(..) => {
                heads.push_back((&*step.text, std::mem::take(&mut anchors)));
            }
        }
    }
    heads
}

struct Recorder<'a> {
    script: &'a Script,
    stage: Stage<'a>,
    /// The heads that are still to come, with their anchors.
    heads: VecDeque<(&'a str, Vec<&'a str>)>,
    text: String,
}

impl Recorder<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn output(&mut self, terminal: u8, output: &str) -> anyhow::Result<()> {
        if cfg!(not(target_os = "linux")) && has_os_error(output) {
            bail!(
                "`{output}` is in the words of this system: record this \
                 transcript on Linux"
            );
        }
        let line = self.script.output_line(terminal, output)?;
        if let Some((_, anchors)) =
            self.heads.pop_front_if(|(head, _)| *head == line)
        {
            anchors.into_iter().for_each(|anchor| self.line(anchor));
        }
        self.line(&line);
        Ok(())
    }

    /// Writes what was heard, and what comes from all terminals until they
    /// rest, in the order in which it came.
    fn until_quiet(
        &mut self,
        mut heard: Vec<(u8, Line)>,
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut last = start;
        while last.elapsed() < QUIET {
            if start.elapsed() > AT_MOST {
                bail!("the programs still print after {AT_MOST:?}");
            }
            let mut running = false;
            for terminal in self.stage.terminals() {
                let wait = Duration::from_millis(10);
                match self.stage.hear(terminal, wait)? {
                    Heard::Line(line) => {
                        heard.push((terminal, line));
                        last = Instant::now();
                        running = true;
                    }
                    Heard::Nothing => running = true,
                    Heard::End => {}
                }
            }
            if !running {
                break;
            }
        }
        heard.sort_by_key(|(_, line)| line.at);
        for (terminal, line) in heard {
            self.output(terminal, &line.text)?;
        }
        Ok(())
    }

    /// If something runs in a terminal, waits for its end, and writes what
    /// comes from all terminals until then.
    fn until_end(&mut self, terminal: u8) -> anyhow::Result<()> {
        if !self.stage.terminals().contains(&terminal) {
            return Ok(());
        }
        let mut heard = Vec::new();
        let end = Instant::now() + AT_MOST;
        loop {
            for any in self.stage.terminals() {
                let wait = Duration::from_millis(10);
                match self.stage.hear(any, wait)? {
                    Heard::Line(line) => heard.push((any, line)),
                    Heard::End if any == terminal => {
                        return self.until_quiet(heard);
                    }
                    _ => {}
                }
            }
            if Instant::now() > end {
                bail!(
                    "the program in terminal {terminal} still runs after \
                     {AT_MOST:?}; `^C` would end it"
                );
            }
        }
    }
}
