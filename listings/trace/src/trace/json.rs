//! The file of `--json`: an object a line, in the order in which the calls
//! came back (those that never did stand where their thread ended).
//!
//! ```json
//! {"thread":1,"name":"read","args":["4","…","1024"],"result":5,
//!  "error":null,"written":["\"hello\""],"entered_us":811,"left_us":1430}
//! ```
//!
//! - `thread`: 1 is the first thread of the program; the others are numbered
//!   in the order in which they were begun, those of other processes too.
//! - `name`, `args`: the call, and its arguments as text; `…` where the kernel
//!   is to write. Calls whose arguments are not known here have none.
//! - `result`: a number, or `null` if the call failed or never came back.
//! - `error`: the name of the error, such as `EAGAIN`, or `null`.
//! - `written`: what the kernel wrote into the program's memory, as text.
//! - `entered_us`, `left_us`: when the thread went into the kernel and when it
//!   came back, in microseconds since the program's start, as the tracer saw
//!   it: tracing itself takes a part of the time. `left_us` is `null` if the
//!   call never came back.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use super::call::{Call, Outcome};

pub struct Json(File);

#[derive(Serialize)]
struct Line<'a> {
    thread: usize,
    name: &'a str,
    args: &'a [String],
    result: Option<i64>,
    error: Option<&'a str>,
    written: &'a [String],
    entered_us: u64,
    left_us: Option<u64>,
}

impl Json {
    pub fn create(path: &Path) -> anyhow::Result<Json> {
        let file = File::create(path);
        let show = || format!("cannot write {}", path.display());
        file.map(Json).with_context(show)
    }

    pub fn write(
        &mut self,
        thread: usize,
        call: &Call,
        outcome: Option<&Outcome>,
    ) -> io::Result<()> {
        let result = outcome.map(|outcome| outcome.result.as_ref());
        let mut line = serde_json::to_string(&Line {
            thread,
            name: &call.name,
            args: &call.texts,
            result: result.and_then(Result::ok).copied(),
            error: result.and_then(Result::err).map(String::as_str),
            written: outcome.map_or(&[], |outcome| &outcome.written),
            entered_us: micros(call.entered),
            left_us: outcome.map(|outcome| micros(outcome.left)),
        })?;
        line.push('\n');
        self.0.write_all(line.as_bytes())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
