use super::tiny::Tiny;

const CHAPTER: &str = "book/part/hello.md";

#[test]
fn a_chapter_that_the_contents_lack_is_named() {
    let tiny = Tiny::new();
    assert_eq!(tiny.problems("chapters"), [""; 0]);

    tiny.write("book/part/draft.md", "# Draft\n");
    assert_eq!(
        tiny.problems("chapters"),
        ["book/part/draft.md: SUMMARY.md does not list this chapter"]
    );
}

#[test]
fn what_a_chapter_includes_need_not_be_in_the_contents() {
    let tiny = Tiny::new();
    tiny.write("book/part/table.md", "| a | b |\n| - | - |\n| 1 | 2 |\n");
    tiny.append(CHAPTER, "\n{{#include table.md}}\n");
    assert_eq!(tiny.problems("chapters"), [""; 0]);
}

#[test]
fn an_entry_without_a_chapter_is_named() {
    let tiny = Tiny::new();
    tiny.append("book/SUMMARY.md", "- [Gone](part/gone.md)\n- [Later]()");
    assert_eq!(
        tiny.problems("chapters"),
        [
            "book/SUMMARY.md:7: there is no chapter part/gone.md",
            "book/SUMMARY.md:8: an entry without a chapter",
        ]
    );
}

#[test]
fn a_chapter_listed_twice_is_named() {
    let tiny = Tiny::new();
    tiny.append("book/SUMMARY.md", "- [Again](part/hello.md)");
    assert_eq!(
        tiny.problems("chapters"),
        ["book/SUMMARY.md:7: part/hello.md stands here twice"]
    );
}

#[test]
fn a_chapter_without_its_last_parts_is_named() {
    let tiny = Tiny::new();
    tiny.replace(CHAPTER, "## Try it\n", "### Try it\n");
    tiny.replace(CHAPTER, "## Read on\n", "## Read more\n");
    assert_eq!(
        tiny.problems("chapters"),
        [
            "book/part/hello.md: no heading `## Try it`",
            "book/part/hello.md: no heading `## Read on`",
        ]
    );
}

#[test]
fn only_prose_is_counted() {
    let tiny = Tiny::new();
    tiny.append(CHAPTER, &format!("\n{}", "word ".repeat(1_700)));
    assert_eq!(
        tiny.problems("chapters"),
        ["book/part/hello.md: 2817 words of prose; a chapter has 900 to 2700"]
    );

    let tiny = Tiny::new();
    tiny.append(CHAPTER, &format!("\n    {}", "word ".repeat(2_000)));
    tiny.append(CHAPTER, &format!("\n<p>{}</p>", "word ".repeat(2_000)));
    assert_eq!(tiny.problems("chapters"), [""; 0]);
}

#[test]
fn unkind_words_are_named() {
    let tiny = Tiny::new();
    tiny.append(
        "book/introduction.md",
        "\nIt is adjusted, with `just` and with\n**Just** one *simply* more.",
    );
    assert_eq!(
        tiny.problems("chapters"),
        [
            "book/introduction.md:6: `Just`: it is not easy for every reader",
            "book/introduction.md:6: `simply`: it is not easy for every \
             reader",
        ]
    );
}

#[test]
fn shouting_is_named() {
    let tiny = Tiny::new();
    tiny.append(
        "book/introduction.md",
        "\nIt uses `a!` and println!(), a != b.\nLook!\nHe said \"no!\" (好！)",
    );
    assert_eq!(
        tiny.problems("chapters"),
        [
            "book/introduction.md:6: a sentence ends with `!`",
            "book/introduction.md:7: a sentence ends with `!`",
            "book/introduction.md:7: a sentence ends with `！`",
        ]
    );
}
