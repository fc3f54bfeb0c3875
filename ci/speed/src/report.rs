//! What was measured, as Markdown for a person and as JSON for a program.

use std::fmt::{self, Display};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::Serialize;

use crate::checkout::{cargo, state};
use crate::pages::{Page, Pages};
use crate::units::{Counted, Kb, Pair, Seconds};
use crate::weights::Kind;

/// How many of the heaviest pages are looked at.
const HEAVIEST: usize = 5;

/// What was measured, and of what.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The short name of the commit.
    pub commit: String,
    /// Whether there was more in the repository than is committed.
    pub uncommitted: bool,
    /// The system and the processor's kind.
    pub system: String,
    /// The processor's model, where the system tells it in a file (Linux).
    pub processor: String,
    /// How many threads run at a time.
    pub cores: usize,
    /// The version of cargo.
    pub cargo: String,
    /// The times, in the order in which they were measured.
    pub times: Vec<Time>,
    /// What the pages weigh.
    pub pages: Option<Pages>,
}

/// How long something took.
#[derive(Debug, Serialize)]
pub struct Time {
    /// What it is called in the JSON.
    pub name: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    /// The median of all rounds.
    pub seconds: f64,
    /// Each round.
    pub rounds: Vec<f64>,
}

impl Time {
    /// At least one round.
    pub fn new(
        name: &'static str,
        what: &'static str,
        all: &[Duration],
    ) -> Time {
        let rounds: Vec<_> = all.iter().map(Duration::as_secs_f64).collect();
        let mut sorted = rounds.clone();
        sorted.sort_by(f64::total_cmp);
        Time { name, what, seconds: sorted[sorted.len() / 2], rounds }
    }
}

impl Report {
    /// Whether nothing has been measured.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty() && self.pages.is_none()
    }

    /// Notes what is measured: the commit at `root`, and the machine.
    pub fn of(&mut self, root: &Path) -> anyhow::Result<()> {
        (self.commit, self.uncommitted) = state(root)?;
        let consts = (std::env::consts::OS, std::env::consts::ARCH);
        self.system = format!("{} on {}", consts.0, consts.1);
        let processors = fs::read_to_string("/proc/cpuinfo");
        self.processor = model(&processors.unwrap_or_default()).to_owned();
        self.cores = available_parallelism().map_or(1, usize::from);
        let version = cargo().arg("--version").stdin(Stdio::null()).output();
        let version = version.map(|output| output.stdout).unwrap_or_default();
        self.cargo = String::from_utf8_lossy(&version).trim().to_owned();
        Ok(())
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return Ok(());
        }
        let Report { commit, system, processor, cores, cargo, .. } = self;
        writeln!(f, "Commit {commit}, {cargo},")?;
        match processor.as_str() {
            "" => writeln!(f, "{system}, {cores} cores.")?,
            _ => writeln!(f, "{system}, {cores} cores of {processor}.")?,
        }
        if self.uncommitted {
            writeln!(f, "What is not committed was not measured.")?;
        }
        if !self.times.is_empty() {
            writeln!(f, "Downloads are no part of the times.")?;
            writeln!(f, "\n| what | time |\n|---|--:|")?;
        }
        for time in &self.times {
            let rounds = match time.rounds.len() {
                1 => String::new(),
                many => format!(" (median of {many})"),
            };
            let seconds = Seconds(time.seconds);
            writeln!(f, "| {}{rounds} | {seconds} |", time.what)?;
        }
        match &self.pages {
            Some(pages) => weights(f, pages),
            None => Ok(()),
        }
    }
}

/// The first model that a text in the form of `/proc/cpuinfo` names.
fn model(processors: &str) -> &str {
    let mut lines = processors.lines();
    let line = lines.find(|line| line.starts_with("model name"));
    let model = line.and_then(|line| line.split_once(':'));
    model.map_or("", |(_, model)| model.trim())
}

fn weights(f: &mut fmt::Formatter<'_>, weighed: &Pages) -> fmt::Result {
    let mut pages: Vec<&Page> = weighed.pages.iter().collect();
    pages.sort_by_key(|page| page.html.raw);
    let median = pages[pages.len() / 2];
    pages.reverse();
    writeln!(f, "\nWeights in kB (1,000 bytes), each as it is and with gzip.")?;
    writeln!(f, "`all` is the page with all style sheets, scripts, pictures")?;
    writeln!(
        f,
        "and fonts that it names; a browser leaves out the fonts that"
    )?;
    writeln!(f, "it does not need.")?;
    writeln!(f, "\n| page | HTML | gzip | all | gzip |")?;
    writeln!(f, "|---|--:|--:|--:|--:|")?;
    for Page { file, html, all, .. } in &pages {
        writeln!(f, "| {file} | {} | {} |", Pair(*html), Pair(*all))?;
    }
    writeln!(f, "\n| of {} pages | kB | gzip |", pages.len())?;
    writeln!(f, "|---|--:|--:|")?;
    let Page { file, html, all, loads, .. } = median;
    writeln!(f, "| the median: {file} | {} |", Pair(*html))?;
    writeln!(f, "| … with all | {} |", Pair(*all))?;
    for (kind, size) in loads {
        writeln!(f, "| … of which {} | {} |", name(*kind), Pair(*size))?;
    }
    if let Some(size) = weighed.search_index {
        let what = "the search index, at the first search";
        writeln!(f, "| {what} | {} |", Pair(size))?;
    }
    if let Some(size) = weighed.print {
        writeln!(f, "| the whole book on one page | {} |", Pair(size))?;
    }
    writeln!(
        f,
        "\n| the heaviest hold, in kB | figures | code | text | frame |"
    )?;
    writeln!(f, "|---|--:|--:|--:|--:|")?;
    for Page { file, holds, .. } in pages.iter().take(HEAVIEST) {
        let figures = Counted(holds.figures, holds.figures_bytes);
        let code = Counted(holds.code, holds.code_bytes);
        let (text, frame) = (Kb(holds.text_bytes), Kb(holds.frame_bytes));
        writeln!(f, "| {file} | {figures} | {code} | {text} | {frame} |")?;
    }
    Ok(())
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Css => "style sheets",
        Kind::Scripts => "scripts",
        Kind::Fonts => "fonts",
        Kind::Pictures => "pictures",
        Kind::Other => "other files",
    }
}

#[cfg(test)]
mod tests {
    use super::model;

    #[test]
    fn the_first_processor_is_named() {
        let two = "processor\t: 0\nmodel name\t: One: fast\n\n\
            processor\t: 1\nmodel name\t: Two\n";
        assert_eq!(model(two), "One: fast");
        assert_eq!(model("processor\t: 0\n"), "");
    }
}
