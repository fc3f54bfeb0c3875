use super::tiny::Tiny;

/// What the check finds once this stands on line 4 of the introduction.
fn with(line: &str) -> Vec<String> {
    let tiny = Tiny::new();
    tiny.append("book/introduction.md", line);
    tiny.problems("links")
}

#[test]
fn a_link_to_a_missing_heading_is_named() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("links"), [""; 0]);

    tiny.replace("book/introduction.md", "#try-it", "#tried");
    assert_eq!(
        tiny.problems("links"),
        ["book/introduction.md:3: `part/hello.html#tried` leads to a file \
          without the heading or id `tried`"]
    );
}

#[test]
fn a_link_to_a_missing_page_or_picture_is_named() {
    assert_eq!(
        with("[a](gone.md) and again [a](gone.md)"),
        ["book/introduction.md:4: `gone.html` leads to no file"; 2]
    );
    assert_eq!(
        with("![a wire](gone.png)"),
        ["book/introduction.md:4: `gone.png` leads to no file"]
    );
    assert_eq!(
        with("<a href=\"gone.html\">a</a>"),
        ["book/introduction.md:4: `gone.html` leads to no file"]
    );
}

#[test]
fn a_label_that_stands_nowhere_is_named() {
    let tiny = Tiny::new();
    tiny.append(
        "book/introduction.md",
        "[a][here] [b][there] [no link] `c[0][1]`\n\n[here]: ./",
    );
    tiny.append("README.md", "[up][]");
    assert_eq!(
        tiny.problems("links"),
        [
            "book/introduction.md:4: the link's label `there` stands nowhere",
            "README.md:4: the link's label `up` stands nowhere",
        ]
    );
}

#[test]
fn a_link_out_of_the_book_is_named() {
    assert_eq!(
        with("[a](../README.md)"),
        ["book/introduction.md:4: `../README.html` leads out of the folder"]
    );
    assert_eq!(
        with("[a](/introduction.html)"),
        ["book/introduction.md:4: `/introduction.html` leads out of the \
          folder"]
    );
}

#[test]
fn links_within_the_page_and_to_files_are_followed() {
    let tiny = Tiny::new();
    tiny.append(
        "book/introduction.md",
        "[up](#introduction) [figure](figures/wire.svg) [start](./)\n\
         [encoded](part%2Fhello.html#try%2Dit) [中](#一-词)\n\n## 一 词",
    );
    assert_eq!(tiny.problems("links"), [""; 0]);
}

#[test]
fn other_sites_have_https_addresses() {
    for address in ["http://example.org/", "https://nowhere", "mailto:a@b.c"] {
        assert_eq!(
            with(&format!("[a]({address})")),
            [format!(
                "book/introduction.md:4: \
                 `{address}` is no https address of a site"
            )]
        );
    }
}

#[test]
fn links_of_the_readme_lead_to_files_and_headings() {
    let tiny = Tiny::new();
    tiny.append(
        "README.md",
        "\n[book](book/part/hello.md#from-the-notes) [up](#tiny)\n\
         [gone](gone.md)\n[down](#down) [listings](listings/)",
    );
    assert_eq!(
        tiny.problems("links"),
        [
            "README.md:6: `gone.md` leads to no file",
            "README.md:7: `#down` leads to a file without the heading or id \
             `down`",
        ]
    );
}

#[test]
fn a_book_that_does_not_build_has_no_pages() {
    let tiny = Tiny::new();
    tiny.append("book/introduction.md", "{{#include gone.md}}");
    assert_eq!(
        tiny.error("links"),
        "the book does not build: the check `build` says why"
    );
}
