use super::tiny::{Tiny, lacks_tool};

#[test]
fn a_warning_is_named() {
    if lacks_tool("clippy") {
        return;
    }
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("clippy"), [""; 0]);

    let main = "listings/hello/src/main.rs";
    tiny.replace(main, "    println", "    let unused = 1;\n    println");
    assert_eq!(
        tiny.problems("clippy"),
        ["listings/hello/src/main.rs:5: unused variable: `unused` \
          (unused_variables)"]
    );
}

#[test]
fn a_lock_file_that_does_not_fit_is_an_error() {
    if lacks_tool("clippy") {
        return;
    }
    let tiny = Tiny::new();
    tiny.replace("Cargo.lock", "hello", "other");
    let error = tiny.error("clippy");
    assert!(error.starts_with("`cargo clippy --workspace"), "{error}");
    assert!(error.contains("--locked"), "{error}");
}
