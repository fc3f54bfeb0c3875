//! The transcripts' own tests: recorded, played again, and seen to fail, on
//! the examples of this crate.

use testkit::listing::Listing;
use testkit::programs::Programs;
use testkit::transcript::{self, Script};

fn programs() -> Programs {
    let listings = [
        ("sound_echo", "server"),
        ("line_client", "client"),
        ("oddities", "demo"),
        ("parts", "demo"),
    ]
    .map(|(name, kind)| {
        Listing::parse(&format!(
            "[package]\nname = \"{name}\"\n[package.metadata.listing]\n\
             kind = \"{kind}\"\nplatforms = [\"linux\", \"macos\", \
             \"windows\"]\n"
        ))
        .expect("it is right")
    });
    Programs::examples(listings.to_vec()).expect("this test has a folder")
}

fn parse(text: &str) -> Script {
    Script::parse("example", "transcript.txt", text).expect("it is right")
}

fn record(actions: &str) -> String {
    transcript::record(&parse(actions), &programs()).expect("it runs")
}

fn play(text: &str) -> Result<(), String> {
    transcript::play(&parse(text), &programs()).map_err(|e| format!("{e:#}"))
}

#[cfg(target_os = "linux")]
const DIALOGUE: &str = "\
1$ cargo run -p sound_echo
# ANCHOR: two
2$ cargo run -p line_client
3$ cargo run -p line_client -- 127.0.0.1:8989
2> hello
3> one  two
2^D
# ANCHOR_END: two
2$ cargo run -p sound_echo -- 127.0.0.1:8989
3^D
# ANCHOR: end
1^C
# ANCHOR_END: end
";

#[cfg(target_os = "linux")]
const RECORDED: &str = "\
1$ cargo run -p sound_echo
1  listening on 127.0.0.1:8989
# ANCHOR: two
2$ cargo run -p line_client
2  connected to 127.0.0.1:8989 from 127.0.0.1:PORT-1
1  127.0.0.1:PORT-1 came
3$ cargo run -p line_client -- 127.0.0.1:8989
3  connected to 127.0.0.1:8989 from 127.0.0.1:PORT-2
1  127.0.0.1:PORT-2 came
2> hello
2  received \"hello\"
3> one  two
3  received \"one  two\"
2^D
2  bye
1  127.0.0.1:PORT-1 left
# ANCHOR_END: two
2$ cargo run -p sound_echo -- 127.0.0.1:8989
2  Error: cannot listen on 127.0.0.1:8989
2
2  Caused by:
2      Address already in use (os error 98)
2  [exit code 1]
3^D
3  bye
1  127.0.0.1:PORT-2 left
# ANCHOR: end
1^C
# ANCHOR_END: end
";

/// The lines, with the output after each action sorted by terminal: which of
/// two programs that wait for the same event prints first is left to chance.
#[cfg(target_os = "linux")]
fn by_terminal(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_output = |line: &&str| {
        !line[1..].starts_with(['$', '>', '^', ' '])
            || line[1..].starts_with("  ")
    };
    for block in lines.chunk_by_mut(|a, b| is_output(a) && is_output(b)) {
        block.sort_by_key(|line| line.as_bytes()[0]);
    }
    lines
}

#[cfg(target_os = "linux")]
#[test]
fn a_dialogue_is_recorded_and_plays_again() {
    let recorded = record(DIALOGUE);
    let mut normal = transcript::Normaliser::default();
    let normal: Vec<_> =
        by_terminal(&recorded).iter().map(|line| normal.line(line)).collect();
    assert_eq!(normal, by_terminal(RECORDED));
    play(&recorded).expect("nothing has changed");
    let again = record(&recorded);
    assert_eq!(again.lines().count(), recorded.lines().count());
}

#[test]
fn a_demo_shows_both_outputs_in_order_and_how_it_ends() {
    let actions = "1$ cargo run -p oddities\n# ANCHOR_END: a\n";
    let recorded = record(actions);
    let lines: Vec<_> = recorded.lines().collect();
    assert!(lines[1].starts_with("1  I am process "), "{recorded}");
    assert_eq!(lines[2..4], ["1  a line on standard error", "1"]);
    assert!(lines[4].starts_with("1  > slept for "), "{recorded}");
    assert_eq!(lines[5..], ["1  [exit code 3]", "# ANCHOR_END: a"]);
    play(&recorded).expect("nothing has changed");

    let error = transcript::record(&parse(&actions[1..]), &programs())
        .expect_err("a line of output begins with `> `");
    assert!(format!("{error:#}").contains("number the terminals"));
}

#[test]
fn an_anchor_stays_before_its_head() {
    let recorded = record("$ cargo run -p parts\n# ANCHOR_END: all\n");
    let marked = recorded
        .replace("-- first", "# ANCHOR: one\n-- first")
        .replace("-- second", "# ANCHOR_END: one\n-- second");
    // What the program printed before, and does not print now, goes.
    let stale = marked.replace("\na\n", "\na\nold\n");
    assert_eq!(record(&stale), marked);
    play(&marked).expect("nothing has changed");

    let other = marked.replace("-- second", "-- third");
    let error = transcript::record(&parse(&other), &programs())
        .expect_err("it has no third part");
    assert!(format!("{error:#}").contains("prints `-- third` any more"));
}

#[test]
fn a_client_before_any_server_is_refused() {
    let recorded = record("$ cargo run -p line_client\n");
    assert!(recorded.contains("cannot connect to 127.0.0.1:8989\n"));
    assert!(recorded.ends_with("[exit code 1]\n"), "{recorded}");
}

#[test]
fn differences_are_found_and_placed() {
    let session = "\
1$ cargo run -p sound_echo
1  listening on 127.0.0.1:8989
2$ cargo run -p line_client
2  connected to 127.0.0.1:8989 from 127.0.0.1:50001
1  127.0.0.1:50001 came
2> hello
2  received \"hello\"
2^D
2  bye
1  127.0.0.1:50001 left
1^C
";
    play(session).expect("it is right");
    for (right, wrong, sentences) in [
        (
            "received \"hello\"",
            "received \"help\"",
            &[
                "transcript.txt:7:",
                "expected: received \"help\"",
                "got:      received \"hello\"",
                "to record anew: cargo run -p testkit -- example",
            ][..],
        ),
        // Another client than the one that came.
        (
            "1  127.0.0.1:50001 left",
            "1  127.0.0.1:50002 left",
            &["transcript.txt:10:", "PORT-2 left", "PORT-1 left"],
        ),
        // A line that is not there any more, and one that is new.
        (
            "2  bye\n",
            "2  bye\n2  bye\n",
            &["transcript.txt:10:", "got:      (its output has ended)"],
        ),
        (
            "2  bye\n",
            "",
            &[
                "at the end",
                "(the end of terminal 2's program)",
                "got:      bye",
            ],
        ),
        ("2> hello", "4> hello", &[":6: nothing runs in terminal 4"]),
        (
            "2$ cargo run -p line_client",
            "2$ cargo run -p line_clint",
            &["transcript.txt:3: there is no listing `line_clint`"],
        ),
        // Only one program runs in a terminal at a time.
        (
            "1^C\n",
            "1$ cargo run -p sound_echo\n",
            &["transcript.txt:11:", "still runs"],
        ),
    ] {
        let error = play(&session.replace(right, wrong)).expect_err(wrong);
        for sentence in sentences {
            assert!(error.contains(sentence), "{sentence:?} not in: {error}");
        }
    }
}

#[test]
fn a_missing_system_is_named() {
    let script = parse("$ cargo run -p oddities\n");
    assert_eq!(transcript::lacks(&script, &programs()).ok(), Some(None));
    let elsewhere = if cfg!(windows) { "linux" } else { "windows" };
    let listing = Listing::parse(&format!(
        "[package]\nname = \"oddities\"\n[package.metadata.listing]\n\
         kind = \"demo\"\nplatforms = [\"{elsewhere}\"]\n"
    ));
    let listing = listing.expect("it is right");
    let programs = Programs::examples(vec![listing]);
    let lack = transcript::lacks(&script, &programs.expect("it has a folder"));
    let lack = lack.expect("there is such a listing").expect("not here");
    assert_eq!(lack.to_lowercase(), format!("needs {elsewhere}"));
}
