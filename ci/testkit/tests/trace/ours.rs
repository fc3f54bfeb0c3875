//! What the listing writes: lines, and JSON.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::trace::calls::{self, Call, Threads};

/// An object of the file that `--json` writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    pub thread: usize,
    pub name: String,
    pub args: Vec<String>,
    pub result: Option<i64>,
    pub error: Option<String>,
    pub written: Vec<String>,
    pub entered_us: u64,
    pub left_us: Option<u64>,
}

pub fn objects(file: &Path) -> anyhow::Result<Vec<Object>> {
    fs::read_to_string(file)?
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
        .collect()
}

impl Object {
    /// The line that stands for it.
    pub fn line(&self) -> String {
        let mut line = format!("{}({})", self.name, self.args.join(", "));
        line += &match (self.result, &self.error) {
            (Some(result), None) => format!(" = {result}"),
            (None, Some(error)) => format!(" = -1 {error}"),
            _ => " = ?".to_owned(),
        };
        for (nth, written) in self.written.iter().enumerate() {
            let colon = nth == 0 && !written.starts_with("from ");
            line += if colon { ": " } else { " " };
            line += written;
        }
        line
    }

    fn call(self) -> Option<Call> {
        let result = self.result.map(|result| result.to_string());
        let text = self.line();
        Some(Call {
            first: self.args.first().and_then(|first| first.parse().ok()),
            result: result.or(self.error)?,
            name: self.name,
            words: calls::words(&text),
            addrs: calls::addrs(&text),
        })
    }
}

/// The calls that came back.
pub fn calls(file: &Path) -> anyhow::Result<Threads> {
    let mut threads = Threads::new();
    for object in objects(file)? {
        let thread = object.thread;
        if let Some(call) = object.call() {
            threads.entry(thread).or_default().push(call);
        }
    }
    Ok(threads)
}
