use std::path::{Path, PathBuf};

use checks::{Check, Tally, Tool, run};
use reader::Problem;

const FINE: Check =
    Check { name: "fine", says: "", needs: None, run: |_| Ok(Vec::new()) };

const BROKEN: Check = Check {
    name: "broken",
    says: "",
    needs: None,
    run: |_| {
        Ok(vec![Problem {
            file: PathBuf::from("book/x.md"),
            line: Some(12),
            message: "it is wrong".to_string(),
        }])
    },
};

const BLIND: Check = Check {
    name: "blind",
    says: "",
    needs: None,
    run: |_| Err(anyhow::anyhow!("it is dark").context("cannot look")),
};

const TOOLLESS: Check = Check {
    name: "toolless",
    says: "",
    needs: Some(Tool {
        name: "sextant",
        is_there: || false,
        install: "buy one",
    }),
    run: |_| unreachable!("it cannot run without its tool"),
};

fn printed(in_ci: bool) -> (Tally, String) {
    let mut out = Vec::new();
    let checks = [&FINE, &BROKEN, &BLIND, &TOOLLESS, &FINE];
    let tally = run(checks, Path::new("."), in_ci, &mut out).unwrap();
    (tally, String::from_utf8(out).unwrap())
}

#[test]
fn each_check_has_a_line_and_all_of_them_run() {
    let (tally, out) = printed(false);
    assert_eq!(tally, Tally { passed: 2, failed: 2, skipped: 1 });
    assert_eq!(
        out,
        "fine … ok\n\
         broken … 1 problem\n  book/x.md:12: it is wrong\n\
         blind … failed: cannot look: it is dark\n\
         toolless … skipped: needs sextant (buy one)\n\
         fine … ok\n\
         2 passed, 2 failed, 1 skipped\n"
    );
}

#[test]
fn in_ci_a_missing_tool_is_a_failure() {
    let (tally, out) = printed(true);
    assert_eq!(tally, Tally { passed: 2, failed: 3, skipped: 0 });
    assert!(out.contains("toolless … failed: needs sextant (buy one)\n"));
}
