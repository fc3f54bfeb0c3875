use super::tiny::Tiny;

#[test]
fn another_minimum_is_named() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("workspace"), [""; 0]);

    tiny.replace("Cargo.toml", "\"1.95\"", "\"1.96\"");
    assert_eq!(
        tiny.problems("workspace"),
        [".github/workflows/checks.yml:1: \
          Rust 1.95.0 is not the rust-version 1.96"]
    );
}

#[test]
fn another_minimum_in_the_text_is_named() {
    let tiny = Tiny::new();
    tiny.append("README.md", "[Rust](https://rust-lang.org) 1.95 or newer.");
    tiny.append("book/introduction.md", "You need Rust 1.85 or newer.");
    assert_eq!(
        tiny.problems("workspace"),
        ["book/introduction.md:4: Rust 1.85 is not the rust-version 1.95"]
    );
}

#[test]
fn the_workspace_says_its_edition_and_its_rust() {
    for key in ["edition", "rust-version"] {
        let tiny = Tiny::new();
        tiny.replace("Cargo.toml", &format!("\n{key} ="), "\nother =");
        assert_eq!(
            tiny.problems("workspace"),
            [format!("Cargo.toml:5: missing field `{key}`")]
        );
    }
}

#[test]
fn a_missing_lock_file_is_named() {
    let tiny = Tiny::new();
    std::fs::remove_file(tiny.root().join("Cargo.lock")).unwrap();
    assert_eq!(
        tiny.problems("workspace"),
        ["Cargo.lock: there is no such file"]
    );
}

#[test]
fn code_left_for_later_is_named() {
    let tiny = Tiny::new();
    tiny.write(
        "ci/later/src/lib.rs",
        "//! No todo!() in text, \"none\".\n\
         const SAID: &str = \"unimplemented!\";\n\
         #[cfg_attr(windows, ignore = \"later\")]\n\
         fn f() { todo!() }\n\
         fn g() { if true { unimplemented!(\"later\") } }\n\
         #[ignore]\n\
         fn h() { let ignore = [1]; }\n",
    );
    let mut problems = tiny.problems("workspace");
    problems.sort();
    assert_eq!(
        problems,
        [
            "ci/later/src/lib.rs:3: the test is left out by `#[ignore]`",
            "ci/later/src/lib.rs:4: `todo!` stands for missing code",
            "ci/later/src/lib.rs:5: `unimplemented!` stands for missing code",
            "ci/later/src/lib.rs:6: the test is left out by `#[ignore]`",
        ]
    );
}
