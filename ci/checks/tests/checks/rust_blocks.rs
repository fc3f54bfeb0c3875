use super::tiny::Tiny;

#[test]
fn typed_code_that_nothing_tests_is_named() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("rust-blocks"), [""; 0]);

    let line = tiny.append("book/part/hello.md", "```rust,ignore");
    tiny.append("book/part/hello.md", "listener.listen(10);\n```");
    assert_eq!(
        tiny.problems("rust-blocks"),
        [format!(
            "book/part/hello.md:{}: nothing tests `listener.listen(10);`: \
             include it from a listing, or drop `ignore`",
            line + 1
        )]
    );
}

#[test]
fn only_listings_are_tested() {
    let tiny = Tiny::new();
    tiny.write("book/code.py", "print('hello')\n");
    tiny.append(
        "book/introduction.md",
        "\n```python\n{{#include code.py}}\n```",
    );
    assert_eq!(
        tiny.problems("rust-blocks"),
        ["book/introduction.md:6: nothing tests `{{#include code.py}}`: \
          include it from a listing"]
    );
}

#[test]
fn the_snippet_tests_take_the_rest() {
    let tiny = Tiny::new();
    tiny.append("book/introduction.md", "\n```rust,no_run\nfn main() {}\n```");
    assert_eq!(tiny.problems("rust-blocks"), [""; 0]);
}
