//! Ctrl-C.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether somebody has pressed Ctrl-C, or the system has asked for the end of
/// this program. What is under way can end in good order then; the second time
/// the program ends at once.
#[derive(Debug)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// The exit code of a program that was interrupted: what shells make of
    /// SIGINT.
    pub const EXIT_CODE: u8 = 130;

    /// From here on the first Ctrl-C is only told.
    ///
    /// # Errors
    ///
    /// Where the system refuses to call us.
    pub fn watch() -> anyhow::Result<Interrupt> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            let second = Arc::clone(&flag);
            let code = Self::EXIT_CODE.into();
            flag::register_conditional_shutdown(signal, code, second)?;
            flag::register(signal, Arc::clone(&flag))?;
        }
        Ok(Interrupt(flag))
    }

    /// Whether to go on, as [`run`](crate::run) asks.
    pub fn go_on(&self) -> ControlFlow<()> {
        match self.0.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
