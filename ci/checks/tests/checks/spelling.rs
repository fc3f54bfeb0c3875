use super::tiny::{Tiny, lacks_tool};

#[test]
fn a_misspelt_word_is_named() {
    if lacks_tool("spelling") {
        return;
    }
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("spelling"), [""; 0]);

    // In two pieces: this file is checked as well.
    let wrong = ["recie", "ved"].concat();
    let line = tiny.append("book/introduction.md", &format!("It is {wrong}."));
    assert_eq!(
        tiny.problems("spelling"),
        [format!(
            "book/introduction.md:{line}: `{wrong}` should be `received`"
        )]
    );
}
