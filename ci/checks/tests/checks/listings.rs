use super::tiny::Tiny;

const MANIFEST: &str = "listings/hello/Cargo.toml";

/// What the check finds once `old` in the listing's Cargo.toml is `new`.
fn with(old: &str, new: &str) -> Vec<String> {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("listings"), [""; 0]);
    tiny.replace(MANIFEST, old, new);
    tiny.problems("listings")
}

#[test]
fn a_listing_describes_itself() {
    let found = with("description = \"Greets\"\n", "");
    assert_eq!(found, ["listings/hello/Cargo.toml:1: no description"]);
}

#[test]
fn a_listing_has_the_name_of_its_folder() {
    let found = with("name = \"hello\"", "name = \"hullo\"");
    assert_eq!(
        found,
        [
            "listings/hello/Cargo.toml:2: \
             `hullo` is not the name of its folder",
            "listings/hello: no transcript runs it and it has no suite",
        ]
    );
}

#[test]
fn other_kinds_are_refused() {
    let found = with("demo", "toy");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("listings/hello/Cargo.toml:11: unknown"));
    assert!(found[0].contains("toy"), "{found:?}");
}

#[test]
fn unknown_keys_are_refused() {
    let found = with("kind = \"demo\"", "kind = \"demo\"\nsort = \"demo\"");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("listings/hello/Cargo.toml:12: unknown"));
    assert!(found[0].contains("sort"), "{found:?}");
}

#[test]
fn a_listing_runs_somewhere() {
    let found = with("[\"linux\", \"macos\", \"windows\"]", "[]");
    assert_eq!(found, ["listings/hello/Cargo.toml:10: it runs on no platform"]);
    let found = with("\"macos\"", "\"linux\"");
    assert_eq!(found, ["listings/hello/Cargo.toml:10: it names Linux twice"]);
}

#[test]
fn a_listing_says_that_it_is_one() {
    let found = with("metadata.listing", "metadata.other");
    assert_eq!(
        found,
        ["listings/hello/Cargo.toml:1: no [package.metadata.listing]"]
    );
}

#[test]
fn a_library_is_none() {
    let tiny = Tiny::new();
    let manifest = std::fs::read_to_string(tiny.root().join(MANIFEST))
        .expect("it is there");
    let (package, _) =
        manifest.split_once("[package.metadata").expect("it says what it is");
    let shared =
        package.replace("hello", "shared") + "[lints]\nworkspace = true\n";
    tiny.write("listings/shared/Cargo.toml", &shared);
    tiny.write("listings/shared/src/lib.rs", "//! For listings.\n");
    assert_eq!(tiny.problems("listings"), [""; 0]);
    tiny.write("listings/shared/src/main.rs", "fn main() {}\n");
    assert_eq!(tiny.problems("listings").len(), 3);
}

#[test]
fn exceptions_belong_to_a_suite() {
    let found = with("kind", "suite-except = [\"idle\"]\nkind");
    assert_eq!(
        found,
        ["listings/hello/Cargo.toml:10: suite-except without a suite"]
    );
}

#[test]
fn what_all_share_is_inherited() {
    let found = with("edition.workspace = true", "edition = \"2021\"");
    assert_eq!(
        found,
        ["listings/hello/Cargo.toml:5: \
          it must say edition.workspace = true"]
    );
    let found = with("[lints]\nworkspace = true\n", "");
    assert_eq!(
        found,
        ["listings/hello/Cargo.toml:1: [lints] must say workspace = true"]
    );
}

#[test]
fn a_listing_depends_on_no_other_program() {
    let found = with(
        "[lints]",
        "[target.'cfg(unix)'.dev-dependencies]\n\
         friend = { package = \"hello\", path = \".\" }\n[lints]",
    );
    assert_eq!(
        found,
        ["listings/hello/Cargo.toml:15: it depends on the listing `hello`"]
    );
}

#[test]
fn a_folder_is_a_crate() {
    let tiny = Tiny::new();
    tiny.write("listings/notes/notes.txt", "Later.\n");
    assert_eq!(
        tiny.problems("listings"),
        ["listings/notes: no crate: no Cargo.toml"]
    );
}

#[test]
fn a_listing_is_shown() {
    let tiny = Tiny::new();
    let include = "{{#include ../../listings/hello/src/main.rs:greet}}";
    tiny.replace("book/part/hello.md", include, "");
    assert_eq!(
        tiny.problems("listings"),
        ["listings/hello: no chapter includes its source"]
    );
}

#[test]
fn a_listing_is_run_by_a_transcript_or_a_suite() {
    let tiny = Tiny::new();
    let transcript = "listings/hello/transcript.txt";
    tiny.write(transcript, "1$ cargo run -p other\n1  hello\n");
    assert_eq!(
        tiny.problems("listings"),
        ["listings/hello: no transcript runs it and it has no suite"]
    );

    tiny.replace(MANIFEST, "kind", "suite = \"echo\"\nkind");
    assert_eq!(tiny.problems("listings"), [""; 0]);

    tiny.replace(MANIFEST, "suite = \"echo\"\n", "");
    tiny.write(transcript, "2$ cargo run -p hello -- 127.0.0.1:0\n");
    assert_eq!(tiny.problems("listings"), [""; 0]);
}

#[test]
fn a_run_of_a_python_file_is_none_of_the_listing() {
    let tiny = Tiny::new();
    let transcript = "listings/hello/transcript.txt";
    tiny.write(transcript, "$ python3 listings/hello/hello.py\n");
    assert_eq!(
        tiny.problems("listings"),
        ["listings/hello: no transcript runs it and it has no suite"]
    );
}

#[test]
fn a_transcript_that_cannot_be_played_is_named() {
    let tiny = Tiny::new();
    let transcript = "listings/hello/transcript.txt";
    tiny.append(transcript, "$ cargo build");
    let found = tiny.problems("listings");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with(
            "listings/hello/transcript.txt:3: `cargo build` is neither"
        ),
        "{found:?}"
    );

    tiny.write(transcript, "");
    assert_eq!(
        tiny.problems("listings")[0],
        "listings/hello/transcript.txt: no line starts a program"
    );
}

#[test]
fn a_file_fits_on_a_page() {
    let tiny = Tiny::new();
    let main = "listings/hello/src/main.rs";
    let line = tiny.append(main, &format!("// {}", "握".repeat(78)));
    assert_eq!(
        tiny.problems("listings"),
        [format!("{main}:{line}: 81 columns, more than 80")]
    );

    tiny.write("listings/hello/hello.py", &"#".repeat(81));
    assert_eq!(tiny.problems("listings").len(), 2);
    tiny.write("listings/hello/hello.py", "");

    tiny.write(main, &"//! Greets.\n".repeat(201));
    assert_eq!(
        tiny.problems("listings"),
        [format!("{main}:201: 201 lines, more than 200")]
    );
}
