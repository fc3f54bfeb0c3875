use super::tiny::{Tiny, lacks_tool};

const CHAPTER: &str = "book/introduction.md";
const FIGURE: &str = "book/figures/wire.svg";

/// What the check finds in the repository once `change` is done to it.
fn with(change: impl Fn(&Tiny)) -> Vec<String> {
    let tiny = Tiny::new();
    change(&tiny);
    tiny.problems("look")
}

/// Writes a stylesheet that the book adds to mdBook's own.
fn style(tiny: &Tiny, css: &str) {
    tiny.append("book.toml", "[output.html]\nadditional-css = [\"more.css\"]");
    tiny.write("more.css", css);
}

/// Puts a line at the end of the figure, whose first free line is 6. A unit
/// of the figure is 80 pixels wide on a desktop, and 38 on a phone.
fn draw(tiny: &Tiny, line: &str) {
    tiny.replace(FIGURE, "</svg>", &format!("{line}\n</svg>"));
}

/// Asserts that each problem begins with what is expected of it, in order:
/// how many pixels a text takes is up to the machine's fonts.
#[track_caller]
fn assert_begin(found: &[String], expected: &[&str]) {
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\nis not\n{expected}");
    }
}

#[test]
fn a_good_book_looks_good() {
    if lacks_tool("look") {
        return;
    }
    assert_eq!(with(|_| {}), [""; 0]);
}

#[test]
fn code_tables_and_pages_that_scroll_sideways_are_named() {
    if lacks_tool("look") {
        return;
    }
    let words = "hello ".repeat(10);
    let with_style = |css| {
        with(|tiny| {
            let main = "listings/hello/src/main.rs";
            tiny.replace(main, "\"hello\"", &format!("\"{words}\""));
            let word = "w".repeat(40);
            let table = format!("\n|one|two|\n|--|--|\n|{word}|b|");
            tiny.append(CHAPTER, &table);
            let paragraph = "\n<p class=\"wide\">A wide one.</p>";
            tiny.append(CHAPTER, paragraph);
            style(tiny, css);
        })
    };
    assert_begin(
        &with_style(".wide { width: 500px; }"),
        &[
            "book/introduction.md: the page, because of <p> `A wide one.`, \
             scrolls sideways in every theme at 360 px: ",
            "book/introduction.md: the table `one | two` scrolls sideways in \
             every theme at 360 px: ",
            "book/part/hello.md: the code block with `println!(\"hello hello \
             hello hello hello hello hello hello he…` scrolls sideways in \
             every theme at 360 px: ",
        ],
    );
    let wrapping = "pre > code { white-space: pre-wrap; }
        td { overflow-wrap: anywhere; }";
    assert_eq!(with_style(wrapping), [""; 0]);
}

#[test]
fn a_figure_that_is_too_wide_is_named() {
    if lacks_tool("look") {
        return;
    }
    let found = with(|tiny| {
        tiny.replace(FIGURE, "<svg ", "<svg width=\"500\" height=\"500\" ");
    });
    assert_begin(
        &found,
        &["book/figures/wire.svg:1: the figure scrolls sideways in every \
           theme at 360 px: "],
    );
}

#[test]
fn a_text_that_vanishes_in_one_theme_is_named() {
    if lacks_tool("look") {
        return;
    }
    let found = with(|tiny| {
        draw(tiny, "<text x=\"1\" y=\"2\" font-size=\"1\">a wire</text>");
        style(
            tiny,
            "text { fill: var(--fg); } .navy text { fill: var(--bg); }",
        );
    });
    assert_eq!(
        found,
        ["book/figures/wire.svg:6: the text `a wire` hardly stands out in \
          navy at 1280 and 360 px: 1.00:1, at least 3:1"]
    );
}

#[test]
fn a_text_is_judged_by_what_lies_behind_it() {
    if lacks_tool("look") {
        return;
    }
    let found = with(|tiny| {
        draw(
            tiny,
            "<g font-size=\"1\" transform=\"translate(1 1)\">
<path d=\"M0 0h7v2h-7z\" fill=\"currentColor\"/>
<text x=\"1\" y=\"1\" fill=\"currentColor\">dark</text>
<text x=\"4\" y=\"1\" fill=\"var(--bg)\">light</text>
<text x=\"1\" y=\"3\" fill=\"currentColor\">below</text>
<text x=\"4\" y=\"3\" fill=\"var(--bg)\">lost</text>
<text x=\"1\" y=\"1\" fill=\"currentColor\" class=\"back\">halo</text>
<text x=\"6\" y=\"1\" fill=\"var(--bg)\">leaves</text>
</g>",
        );
        style(
            tiny,
            ".back { stroke: var(--bg); stroke-width: 0.2; }
             .back { paint-order: stroke; }",
        );
    });
    let message = |line, text| {
        format!(
            "book/figures/wire.svg:{line}: the text `{text}` hardly stands \
             out in every theme at 1280 and 360 px: 1.00:1, at least 3:1"
        )
    };
    assert_eq!(
        found,
        [message(8, "dark"), message(11, "lost"), message(13, "leaves")]
    );
}

#[test]
fn shapes_stand_out_by_their_outline_or_their_inside() {
    if lacks_tool("look") {
        return;
    }
    let found = with(|tiny| {
        draw(
            tiny,
            "<rect x=\"6\" y=\"6\" width=\"2\" height=\"2\" fill=\"var(--bg)\"/>
<rect x=\"3\" width=\"2\" height=\"2\" fill=\"var(--bg)\" class=\"edge\"/>
<rect x=\"6\" width=\"2\" height=\"2\" fill=\"currentColor\"/>
<path d=\"M6.5 1h1\" class=\"edge\"/>
<g opacity=\"0.5\"><path d=\"M1 4h7\" class=\"edge\" opacity=\"0.2\"/></g>
<path d=\"M1 8h4\" class=\"edge faint\"/>
<defs><marker><path d=\"M0 0h1v1\" fill=\"var(--bg)\"/></marker></defs>",
        );
        style(tiny, ".edge { stroke: currentColor; } .faint { opacity: 0.5; }");
    });
    let place = "book/figures/wire.svg";
    let rest = "hardly stands out in every theme at 1280 and 360 px: 1.";
    assert_begin(
        &found,
        &[
            &format!("{place}:6: the shape <rect> {rest}00:1, at least 3:1"),
            &format!("{place}:9: the shape <path> {rest}00:1, at least 3:1"),
            &format!("{place}:10: the shape <path> {rest}"),
            &format!("{place}:12: the shape <path> {rest}00:1, at least 3:1"),
        ],
    );
}

#[test]
fn the_smallest_text_of_a_figure_is_named_if_it_is_tiny() {
    if lacks_tool("look") {
        return;
    }
    let found = with(|tiny| {
        draw(
            tiny,
            "<g transform=\"translate(4) scale(0.5)\" fill=\"currentColor\">
<text x=\"1\" y=\"2\" font-size=\"0.5\">large</text>
<text x=\"1\" y=\"4\" font-size=\"0.4\">small</text>
<text x=\"1\" y=\"6\" font-size=\"0.3\">tiny</text>
</g>",
        );
    });
    assert_begin(
        &found,
        &["book/figures/wire.svg:9: the text `tiny` is too small to be read \
           in every theme at 360 px: "],
    );
}

#[test]
fn pages_without_the_menu_of_themes_cannot_be_looked_at() {
    if lacks_tool("look") {
        return;
    }
    let tiny = Tiny::new();
    let page = "<html><head></head><body><main>{{{content}}}</main></body>";
    tiny.write("theme/index.hbs", page);
    let error = tiny.error("look");
    let place = "cannot look at book/introduction.html at 1280 px: ";
    assert!(error.starts_with(place), "{error}");
}
