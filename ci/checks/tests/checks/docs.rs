use super::tiny::{Tiny, lacks_tool};

#[test]
fn a_link_that_rustdoc_cannot_follow_is_named() {
    if lacks_tool("docs") {
        return;
    }
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("docs"), [""; 0]);

    tiny.replace("listings/hello/src/main.rs", "Greets.", "Greets [Nobody].");
    assert_eq!(
        tiny.problems("docs"),
        ["listings/hello/src/main.rs:1: unresolved link to `Nobody` \
          (rustdoc::broken_intra_doc_links)"]
    );
}
