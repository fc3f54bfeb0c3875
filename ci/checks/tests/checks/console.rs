use super::tiny::Tiny;

/// What the check finds once these lines stand at the end of a chapter that
/// has three lines.
fn with(lines: &str) -> Vec<String> {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("console"), [""; 0]);
    tiny.append("book/introduction.md", lines);
    tiny.problems("console")
}

#[test]
fn typed_output_is_named() {
    let message = "is typed by hand: include a transcript";
    assert_eq!(
        with("```console\n$ cargo run -p hello\nhello\n```"),
        [
            format!("book/introduction.md:5: `$ cargo run -p hello` {message}"),
            format!("book/introduction.md:6: `hello` {message}"),
        ]
    );
    assert_eq!(
        with("> ```text\n> hello\n> ```"),
        [format!("book/introduction.md:5: `hello` {message}")]
    );
    let include = "{{#include ../listings/hello/src/main.rs}}";
    assert_eq!(
        with(&format!("```text\n{include}\n```")),
        [format!("book/introduction.md:5: `{include}` {message}")]
    );
    let include = "{{#include ../listings/hello/transcript.txt}}";
    assert_eq!(
        with(&format!("```text\nhello {include}\n```")),
        [format!("book/introduction.md:5: `hello {include}` {message}")]
    );
}

#[test]
fn what_tests_play_again_is_a_transcript() {
    let tiny = Tiny::new();
    let text = "$ cargo run -p hello\nhello\n";
    for name in
        ["transcript-again.txt", "transcripts.txt", "old/transcript.txt"]
    {
        tiny.write(&format!("listings/hello/{name}"), text);
        let include = format!("{{{{#include ../listings/hello/{name}}}}}");
        tiny.append(
            "book/introduction.md",
            &format!("\n```console\n{include}\n```"),
        );
    }
    let found = tiny.problems("console");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("book/introduction.md:10: "), "{found:?}");
    assert!(found[1].starts_with("book/introduction.md:14: "), "{found:?}");
}

#[test]
fn output_cannot_hide_in_another_kind_of_block() {
    let message = "it must be one of rust, console, text, sh, python, toml";
    assert_eq!(
        with("```\nhello\n```"),
        [format!("book/introduction.md:4: a code block in ``: {message}")]
    );
    assert_eq!(
        with("```bash\nhello\n```"),
        [format!("book/introduction.md:4: a code block in `bash`: {message}")]
    );
}

#[test]
fn a_command_block_holds_single_commands() {
    assert_eq!(
        with("```sh\ncargo run\nhello\ngit status | cat\n```"),
        [
            "book/introduction.md:6: `hello` is no command that runs one of \
             cargo, cd, git, python3",
            "book/introduction.md:7: `git status | cat` is more than a \
             single command",
        ]
    );
}

#[test]
fn commands_name_packages_that_exist() {
    assert_eq!(
        with("Try `cargo run -p hallo -- -p x`, or `cargo run -p NAME`."),
        ["book/introduction.md:4: there is no package `hallo`"]
    );
    assert_eq!(
        with("```sh\ncargo run --release --package=hallo\n```"),
        ["book/introduction.md:5: there is no package `hallo`"]
    );

    let tiny = Tiny::new();
    tiny.append("README.md", "\n    $ cargo run -p hallo");
    let transcript = "listings/hello/transcript.txt";
    tiny.write(transcript, "2$ cargo run -p hullo\n");
    assert_eq!(
        tiny.problems("console"),
        [
            "README.md:5: there is no package `hallo`",
            "listings/hello/transcript.txt:1: there is no package `hullo`",
        ]
    );
}
