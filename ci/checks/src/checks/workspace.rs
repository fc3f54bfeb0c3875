//! `workspace`: the oldest Rust that is promised is the one that is tried,
//! and no code is left for later.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use reader::Problem;
use serde::Deserialize;

use crate::Check;
use crate::place::{files_below, line_at, problem, read};

pub const CHECK: Check = Check {
    name: "workspace",
    says: "the promised Rust is the one tried, and no code is left for later",
    needs: None,
    run,
};

/// The texts that tell the reader which Rust to install.
const TEXTS: [&str; 3] =
    ["README.md", "CONTRIBUTING.md", "book/introduction.md"];

/// Macros that stand for code that is not there.
const UNWRITTEN: [&str; 2] = ["todo", "unimplemented"];

/// The root's Cargo.toml, as far as it is looked at.
#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    package: Package,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Package {
    rust_version: String,
    /// Read only to see that it is there.
    #[serde(rename = "edition")]
    _edition: String,
}

fn run(root: &Path) -> anyhow::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let file = Path::new("Cargo.toml");
    let text = read(root, file)?;
    match toml::from_str::<Manifest>(&text) {
        Ok(manifest) => {
            let rust_version = manifest.workspace.package.rust_version;
            problems.extend(other_minimum(root, &rust_version)?);
        }
        Err(error) => {
            let line = error.span().map(|span| line_at(&text, span.start));
            problems.push(problem(file, line, error.message()));
        }
    }
    let lock = Path::new("Cargo.lock");
    if !root.join(lock).is_file() {
        problems.push(problem(lock, None, "there is no such file"));
    }
    for folder in ["ci", "listings"].map(Path::new) {
        for file in files_below(root, folder)? {
            if file.extension().is_some_and(|extension| extension == "rs") {
                problems.extend(unfinished(&file, &read(root, &file)?));
            }
        }
    }
    Ok(problems)
}

/// The lines that promise another oldest Rust, in a workflow as
/// `toolchain: 1.95 # minimum`, in the text as `Rust 1.95 or newer`.
fn other_minimum(
    root: &Path,
    rust_version: &str,
) -> anyhow::Result<Vec<Problem>> {
    let workflows = files_below(root, Path::new(".github/workflows"))?;
    let workflows = workflows.into_iter().map(|file| (file, "minimum"));
    let texts = TEXTS.map(|file| (PathBuf::from(file), "or newer"));
    let mut problems = Vec::new();
    for (file, label) in workflows.chain(texts) {
        if !root.join(&file).is_file() {
            continue;
        }
        for (number, line) in (1..).zip(read(root, &file)?.lines()) {
            let version = line.contains(label).then(|| version(line)).flatten();
            if let Some(version) = version
                && !is_same(version, rust_version)
            {
                let message = format!(
                    "Rust {version} is not the rust-version {rust_version}"
                );
                problems.push(problem(&file, number, message));
            }
        }
    }
    Ok(problems)
}

/// The first version in a line, of two or three numbers.
fn version(line: &str) -> Option<&str> {
    line.split(|c: char| c != '.' && !c.is_ascii_digit()).find(|word| {
        let mut numbers = word.split('.');
        numbers.all(|number| !number.is_empty()) && word.contains('.')
    })
}

/// Whether both name one release: 1.95 is 1.95.0.
fn is_same(version: &str, other: &str) -> bool {
    let release = |version: &str| {
        version.strip_suffix(".0").unwrap_or(version).to_string()
    };
    release(version) == release(other)
}

/// Ignored tests and macros that stand for missing code.
fn unfinished(file: &Path, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    match text.parse() {
        Ok(tokens) => search(tokens, &mut |line, what| {
            problems.push(problem(file, line, what));
        }),
        Err(error) => {
            let line = error.span().start().line;
            problems.push(problem(file, line, error.to_string()));
        }
    }
    problems
}

/// Calls `found` with the line and the name of each.
fn search(tokens: TokenStream, found: &mut impl FnMut(usize, String)) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (token, next) in tokens.iter().zip(tokens.iter().skip(1)) {
        let line = token.span().start().line;
        match (token, next) {
            (TokenTree::Ident(name), TokenTree::Punct(mark))
                if mark.as_char() == '!'
                    && UNWRITTEN.iter().any(|it| name == it) =>
            {
                found(line, format!("`{name}!` stands for missing code"));
            }
            (TokenTree::Punct(mark), TokenTree::Group(group))
                if mark.as_char() == '#'
                    && group.delimiter() == Delimiter::Bracket
                    && names_ignore(group.stream()) =>
            {
                found(line, "the test is left out by `#[ignore]`".into());
            }
            _ => {}
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            search(group.stream(), found);
        }
    }
}

/// Whether an attribute is `ignore`, also one within `cfg_attr`.
fn names_ignore(attribute: TokenStream) -> bool {
    attribute.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "ignore",
        TokenTree::Group(group) => names_ignore(group.stream()),
        _ => false,
    })
}
