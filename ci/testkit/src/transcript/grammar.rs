//! What the lines of a transcript file say.

use anyhow::{Context, bail};

use super::script::{Action, CommandLine, Program, What};

/// Whether the line is an anchor for the book.
pub fn is_anchor(line: &str) -> bool {
    line.starts_with("# ANCHOR: ") || line.starts_with("# ANCHOR_END: ")
}

/// What a line says; in a `numbered` file, to which terminal.
pub fn read_line(line: &str, numbered: bool) -> anyhow::Result<What> {
    if is_anchor(line) {
        return Ok(What::Anchor);
    }
    let (terminal, rest) = if numbered {
        let digit = line.chars().next().and_then(|c| c.to_digit(10));
        let digit = digit.context("no number of a terminal is in front")?;
        (u8::try_from(digit)?, &line[1..])
    } else {
        (1, line)
    };
    if let Some(action) = read_action(rest)? {
        return Ok(What::Act(terminal, action));
    }
    let output = if numbered && !rest.is_empty() {
        rest.strip_prefix("  ").context(
            "after a number comes `$ `, `> `, `^C`, `^D`, or two spaces and \
             output",
        )?
    } else {
        rest
    };
    Ok(What::Output(terminal, output.to_owned()))
}

fn read_action(text: &str) -> anyhow::Result<Option<Action>> {
    Ok(if let Some(command) = text.strip_prefix("$ ") {
        Some(Action::Run(read_command(command)?))
    } else if let Some(typed) = text.strip_prefix("> ") {
        Some(Action::Type(typed.to_owned()))
    } else {
        match text {
            "^C" => Some(Action::Interrupt),
            "^D" => Some(Action::EndInput),
            _ => None,
        }
    })
}

fn read_command(command: &str) -> anyhow::Result<CommandLine> {
    if command.contains(['"', '\'']) {
        bail!("`{command}` has quotes: words are split at spaces alone");
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let (listing, program, args) = match words.as_slice() {
        ["cargo", "run", "-p", name, "--", args @ ..] => {
            (*name, Program::Binary, args)
        }
        ["cargo", "run", "-p", name] => (*name, Program::Binary, &[][..]),
        ["python3", file, args @ ..] => {
            let name = file
                .strip_prefix("listings/")
                .and_then(|rest| rest.split_once('/'))
                .map(|(name, _)| name)
                .with_context(|| format!("`{file}` is in no listing"))?;
            (name, Program::Python((*file).to_owned()), args)
        }
        _ => bail!(
            "`{command}` is neither `cargo run -p NAME [-- ARG…]` nor \
             `python3 listings/NAME/FILE.py [ARG…]`"
        ),
    };
    let listing = listing.to_owned();
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    Ok(CommandLine { listing, program, args })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Script;

    fn parse(text: &str) -> anyhow::Result<Script> {
        Script::parse("talk", "transcript.txt", text)
    }

    fn whats(text: &str) -> Vec<What> {
        let script = parse(text).expect("it is right");
        script.steps.into_iter().map(|step| step.what).collect()
    }

    fn run(listing: &str, program: Program, args: &[&str]) -> Action {
        let listing = listing.to_owned();
        let args = args.iter().map(|&arg| arg.to_owned()).collect();
        Action::Run(CommandLine { listing, program, args })
    }

    #[test]
    fn one_terminal() {
        let text = "# ANCHOR: all\n$ cargo run -p talk -- [::1]:1 x\n> a b\n\
                    \n1  is output here\n^D\n# ANCHOR_END: all\n";
        let command = run("talk", Program::Binary, &["[::1]:1", "x"]);
        assert_eq!(
            whats(text),
            [
                What::Anchor,
                What::Act(1, command),
                What::Act(1, Action::Type("a b".into())),
                What::Output(1, "".into()),
                What::Output(1, "1  is output here".into()),
                What::Act(1, Action::EndInput),
                What::Anchor,
            ]
        );
    }

    #[test]
    fn several_terminals() {
        let text = "1$ python3 listings/talk/server.py\n1\n1  $ up\n1^C\n";
        let file = "listings/talk/server.py".to_owned();
        assert_eq!(
            whats(text),
            [
                What::Act(1, run("talk", Program::Python(file), &[])),
                What::Output(1, "".into()),
                What::Output(1, "$ up".into()),
                What::Act(1, Action::Interrupt),
            ]
        );
    }

    #[test]
    fn errors_name_the_line() {
        for (text, sentence) in [
            ("$ cargo build", "transcript.txt:1: `cargo build` is neither"),
            ("$ cargo run -p a -- 'b'", ":1: `cargo run -p a -- 'b'` has q"),
            ("$ python3 server.py", ":1: `server.py` is in no listing"),
            ("1$ cargo run -p a\nup", ":2: no number of a terminal"),
            ("1$ cargo run -p a\n1 up", ":2: after a number comes"),
            ("up\n$ cargo run -p a", ":1: output comes before a command"),
            ("$ cargo run -p a\n# ANCHOR: b\nup", ":2: an anchor stands"),
            ("# ANCHOR: b\n", "no line starts a program"),
        ] {
            let error = format!("{:#}", parse(text).expect_err(text));
            assert!(error.contains(sentence), "{text}: {error}");
        }
    }

    #[test]
    fn output_like_an_action_needs_numbers() {
        let one = parse("$ cargo run -p a").expect("it is right");
        assert_eq!(one.output_line(1, "up").ok().as_deref(), Some("up"));
        assert!(one.output_line(1, "> up").is_err());
        let many = parse("1$ cargo run -p a").expect("it is right");
        let line = many.output_line(2, "> up").ok();
        assert_eq!(line.as_deref(), Some("2  > up"));
        assert_eq!(many.output_line(2, "").ok().as_deref(), Some("2"));
    }
}
