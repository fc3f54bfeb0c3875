use super::tiny::Tiny;

const FIGURE: &str = "book/figures/wire.svg";

/// What the check finds once `old` in the figure is `new`.
fn with(old: &str, new: &str) -> Vec<String> {
    let tiny = Tiny::new();
    tiny.replace(FIGURE, old, new);
    tiny.problems("alt")
}

#[test]
fn an_image_has_a_text() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("alt"), [""; 0]);

    tiny.append("book/introduction.md", "![](figures/wire.svg)");
    assert_eq!(
        tiny.problems("alt"),
        ["book/introduction.md:4: \
          no alt text for the image `figures/wire.svg`"]
    );
}

#[test]
fn a_drawing_says_what_it_is() {
    assert_eq!(
        with(" role=\"img\"", ""),
        ["book/figures/wire.svg:1: the svg has no role=\"img\""]
    );
    assert_eq!(
        with("A wire", " "),
        ["book/figures/wire.svg:1: the svg has no text in a <title>"]
    );
    assert_eq!(
        with("<desc id=\"wire-desc\">A line from left to right</desc>", ""),
        ["book/figures/wire.svg:1: the svg has no text in a <desc>"]
    );
    assert_eq!(
        with("title wire-desc\"", "title\""),
        ["book/figures/wire.svg:1: \
          aria-labelledby does not name the id of the svg's <desc>"]
    );
}

#[test]
fn a_drawing_follows_the_theme() {
    for colour in ["#123456", "red", "rgb(1, 2, 3)", "var(--fg, #000)"] {
        let message = format!(
            "the colour `{colour}` does not follow the theme: use \
             currentColor, a CSS variable or a class"
        );
        assert_eq!(
            with("currentColor", colour),
            [format!("book/figures/wire.svg:4: {message}")]
        );
        let style = format!("style=\"stroke-width: 2; fill: {colour}\"");
        assert_eq!(
            with("class=\"end\"", &style).len(),
            1,
            "{style} should be refused"
        );
    }
}

#[test]
fn a_drawing_is_only_a_drawing() {
    assert_eq!(
        with("</svg>", "<image href=\"a.png\"/>\n</svg>"),
        ["book/figures/wire.svg:6: \
          <image> holds a picture that cannot follow the theme"]
    );
    assert_eq!(
        with("</svg>", "<script>f()</script>\n</svg>"),
        ["book/figures/wire.svg:6: <script> holds a script"]
    );
    assert_eq!(
        with("</svg>", "<style>path { fill: red }</style>\n</svg>"),
        ["book/figures/wire.svg:6: \
          <style> would style the whole page: use a class of the book"]
    );
    assert_eq!(
        with("class=\"end\"", "onclick=\"f()\""),
        ["book/figures/wire.svg:5: onclick runs a script"]
    );
}

#[test]
fn a_drawing_within_the_chapter_is_seen_too() {
    let tiny = Tiny::new();
    let line = tiny.append(
        "book/part/hello.md",
        "\n<svg viewBox=\"0 0 9 9\"><path d=\"M0 5h9\"/></svg>",
    );
    let problems = tiny.problems("alt");
    assert_eq!(problems.len(), 3, "{problems:?}");
    for problem in &problems {
        let place = format!("book/part/hello.md:{}: the svg", line + 1);
        assert!(problem.starts_with(&place), "{problems:?}");
    }
}

#[test]
fn an_id_stands_on_a_page_once() {
    let tiny = Tiny::new();
    let include = "{{#include ../figures/wire.svg}}";
    tiny.append("book/part/hello.md", &format!("\n{include}"));
    assert_eq!(
        tiny.problems("alt"),
        [
            "book/part/hello.md: the id `wire-desc` stands on its page twice",
            "book/part/hello.md: the id `wire-title` stands on its page twice",
        ]
    );
}
