//! How far can a comparison be trusted? A server is compared with itself.
//!
//! The program runs, so that the CPU time of the server is that of another
//! process: this one. Here is no other test, since it would be counted too.
#![cfg(target_os = "linux")]

mod servers;

use load::Spread;
use rustix::process::getpid;
use rustix::thread::sched_getaffinity;

/// The median of a comparison differs from 1 by 3 % at most. Where others use
/// the machine too, chance has its part in it, and so there are five: always
/// five, since who stops at the first that pleases lets chance decide.
#[test]
fn a_server_costs_what_it_costs() {
    let addr = servers::quick(|_| {}).addr.to_string();
    let cores = sched_getaffinity(Some(getpid())).expect("it runs somewhere");
    let mut medians = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        let outcome = servers::program(&[
            &addr,
            &addr,
            "--rounds=40",
            "--slice=10",
            "--warm-up=2",
        ]);
        // It was tied to one core, and can run again where it could.
        let several = cores.count() > 1;
        assert_eq!(outcome.pinned, several, "{:?}", outcome.notes);
        assert_eq!(sched_getaffinity(Some(getpid())), Ok(cores));

        let other = outcome.servers[1].numbers.and_then(|it| it.cpu_ratio);
        for (medians, ratio) in medians.iter_mut().zip([outcome.itself, other])
        {
            medians.push(ratio.expect("both have numbers").median);
        }
    }
    for medians in &medians {
        let middle = Spread::of(medians.iter().copied()).expect("five");
        assert!((0.97..=1.03).contains(&middle.median), "{medians:?}");
    }
}
