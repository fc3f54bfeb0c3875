//! What the person at the terminal sees meanwhile, and says.

use std::error::Error;
use std::fmt::{self, Display};
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use signal_hook::consts::TERM_SIGNALS;

/// The line that says what runs, and Ctrl-C.
#[derive(Clone, Debug)]
pub struct Terminal {
    stop: Arc<AtomicBool>,
    line: ProgressBar,
}

/// Ctrl-C was pressed, or the system asked for the program's end.
#[derive(Debug)]
pub struct Interrupted;

impl Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interrupted")
    }
}

impl Error for Interrupted {}

impl Terminal {
    /// From here on Ctrl-C is heard by [`Terminal::go_on`] alone.
    ///
    /// # Errors
    ///
    /// Where the system refuses it.
    pub fn new() -> anyhow::Result<Terminal> {
        let stop = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        let hang_up = Some(signal_hook::consts::SIGHUP);
        #[cfg(not(unix))]
        let hang_up = None;
        for signal in TERM_SIGNALS.iter().copied().chain(hang_up) {
            signal_hook::flag::register(signal, Arc::clone(&stop))
                .context("cannot wait for Ctrl-C")?;
        }
        let style =
            ProgressStyle::with_template("{prefix}: {elapsed} {wide_msg}")
                .context("cannot show what runs")?;
        // Without a terminal it shows nothing.
        let line = ProgressBar::new_spinner().with_style(style);
        Ok(Terminal { stop, line })
    }

    /// Says what runs from now on, in a few words.
    pub fn doing(&self, what: &str) {
        self.line.reset();
        self.line.set_message("");
        self.line.set_prefix(what.to_owned());
        if stderr().is_terminal() {
            self.line.enable_steady_tick(Duration::from_millis(250));
        } else {
            eprintln!("{what}");
        }
    }

    /// Says how far it is: the end of the line.
    pub fn note(&self, detail: &str) {
        self.line.set_message(detail.trim().to_owned());
    }

    /// Says something that stays.
    pub fn say(&self, what: &str) {
        self.line.suspend(|| eprintln!("{what}"));
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.line.finish_and_clear();
    }

    /// Whether to go on. What waits asks again and again.
    ///
    /// # Errors
    ///
    /// After Ctrl-C.
    pub fn go_on(&self) -> Result<(), Interrupted> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Interrupted),
            false => Ok(()),
        }
    }

    /// Waits before something is looked at again.
    ///
    /// # Errors
    ///
    /// After Ctrl-C.
    pub fn pause(&self, time: Duration) -> Result<(), Interrupted> {
        sleep(time);
        self.go_on()
    }
}
