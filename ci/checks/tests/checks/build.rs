use super::tiny::Tiny;

#[test]
fn a_page_with_a_warning_is_named() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("build"), [""; 0]);

    tiny.append("book/part/hello.md", "\n<div>");
    let problems = tiny.problems("build");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("book/part/hello.md:"), "{problems:?}");
    assert!(problems[0].contains("div"), "{problems:?}");
}

#[test]
fn it_leaves_no_page_in_the_repository() {
    let tiny = Tiny::new();
    tiny.problems("build");
    assert!(!tiny.root().join("target").exists());
}
