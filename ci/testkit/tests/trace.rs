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

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use testkit::programs::Programs;

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
        trials.push(trial(name, lack, move || case.test(&programs)));
    }
    for (name, test) in conduct::TESTS {
        let programs = Arc::clone(&programs);
        trials.push(trial(*name, lack.clone(), move || test(&programs)));
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn trial(
    name: impl Into<String>,
    lack: Option<String>,
    test: impl FnOnce() -> anyhow::Result<()> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || {
        if let Some(lack) = lack {
            return Ok(Completion::ignored_with(format!("skipped: {lack}")));
        }
        test()
            .map(|()| Completion::Completed)
            .map_err(|error| Failed::from(format!("{error:#}")))
    })
}
