//! The listing `trace` shows what the kernel was asked, and leaves the program
//! that it traces as it is. An independent tracer, `strace`, sees the same
//! calls on the same sockets, in the same order, with the same results.

mod trace {
    pub mod agreement;
    pub mod calls;
    pub mod conduct;
    pub mod ours;
    pub mod script;
    pub mod strace;
}

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Trial};
use testkit::programs::Programs;
use testkit::trial::{skipped, trial};

use crate::trace::{agreement, conduct, strace};

fn main() -> anyhow::Result<ExitCode> {
    let args = Arguments::from_args();
    let programs = Arc::new(Programs::listings()?);
    let lack = programs.listing("trace")?.metadata.lack();
    let mut trials = Vec::new();
    for case in agreement::CASES {
        let lack = lack.clone().or_else(|| {
            let there = strace::is_there();
            (!there).then(|| "needs strace".to_owned())
        });
        let programs = Arc::clone(&programs);
        let name = format!("agrees_with_strace::{}", case.listing);
        trials.push(needing(lack, name, move || case.test(&programs)));
    }
    for (name, test) in conduct::TESTS {
        let programs = Arc::clone(&programs);
        trials.push(needing(lack.clone(), *name, move || test(&programs)));
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn needing(
    lack: Option<String>,
    name: impl Into<String>,
    test: impl FnOnce() -> anyhow::Result<()> + Send + 'static,
) -> Trial {
    trial(name, move || match lack {
        Some(lack) => Ok(skipped(lack)),
        None => test().map(|()| Completion::Completed),
    })
}
