//! What a page or a style sheet loads.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;
use scraper::{Html, Selector};

/// Elements that a browser loads something for, and the attribute that names
/// it. The fallback for browsers without JavaScript is text to the parser, as
/// it is to all other browsers.
const LOADING: [(&str, &str); 10] = [
    ("link[rel~=stylesheet]", "href"),
    ("link[rel~=icon]", "href"),
    ("script[src]", "src"),
    ("img[src]", "src"),
    ("source[src]", "src"),
    ("audio[src], video[src]", "src"),
    ("iframe[src]", "src"),
    ("embed[src]", "src"),
    ("object[data]", "data"),
    ("image[href], use[href]", "href"),
];

/// What a page names to be loaded with it, as it is written there.
pub fn of_page(html: &Html) -> Vec<String> {
    let mut links = Vec::new();
    for (css, attribute) in LOADING {
        let elements = selector(css);
        let named = html.select(&elements);
        links.extend(named.filter_map(|element| element.attr(attribute)));
    }
    links.into_iter().map(String::from).collect()
}

/// What a style sheet names, as it is written there.
pub fn of_css(text: &str) -> Vec<String> {
    // In `url(…)`, or after `@import`; quoted or not.
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        let quoted = r#""([^"]*)"|'([^']*)'"#;
        let bare = r#"([^'"()\s]+)"#;
        let url = format!(r"url\(\s*(?:{quoted}|{bare})\s*\)");
        Regex::new(&format!(r"{url}|@import\s+(?:{quoted})"))
            .expect("the expression is well-formed")
    });
    let named = NAMED.captures_iter(text);
    let links = named.filter_map(|found| found.iter().skip(1).flatten().next());
    links.map(|link| link.as_str().to_owned()).collect()
}

/// The file that a link in `file` names, both relative to the folder of the
/// pages. A link to another server, or to what stands in the link itself or in
/// the same page, names none.
pub fn target(file: &Path, link: &str) -> Option<PathBuf> {
    let path = link.split(['?', '#']).next()?;
    let (scheme, _) = path.split_once(':').unwrap_or_default();
    if path.is_empty() || path.starts_with("//") || !scheme.is_empty() {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8_lossy();
    let folder = file.parent()?;
    let mut target = PathBuf::new();
    for component in folder.join(&*path).components() {
        match component {
            Component::Normal(name) => target.push(name),
            Component::ParentDir => drop(target.pop()),
            Component::RootDir => target.clear(),
            Component::CurDir | Component::Prefix(_) => {}
        }
    }
    Some(target)
}

/// A CSS selector that is written down in this program.
pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("the selector is well-formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loads_what_its_elements_name() {
        let html = r#"<link rel="shortcut icon" href="i.png">
            <link rel="next prefetch" href="next.html">
            <link rel="stylesheet" href="a.css"><script src="a.js"></script>
            <noscript><iframe src="toc.html"></iframe></noscript>
            <a href="other.html">other</a><img src="b.png">"#;
        let links = of_page(&Html::parse_document(html));
        assert_eq!(links, ["a.css", "i.png", "a.js", "b.png"]);
    }

    #[test]
    fn a_style_sheet_loads_what_it_names() {
        let css = r#"@import "one.css"; @import url(two.css);
            a { src: local('x'), url('f.woff2') format('woff2') }
            b { content: url('data:image/svg+xml,<a b="url(no)">') }
            c { background: url( "i.png" ) }"#;
        let data = r#"data:image/svg+xml,<a b="url(no)">"#;
        let links = ["one.css", "two.css", "f.woff2", data, "i.png"];
        assert_eq!(of_css(css), links);
    }

    #[test]
    fn a_link_names_a_file() {
        let target = |link| super::target(Path::new("part/page.html"), link);
        let file = |path: &str| Some(PathBuf::from(path));
        assert_eq!(target("a%20b.css?v=1#x"), file("part/a b.css"));
        assert_eq!(target("../css/a.css"), file("css/a.css"));
        assert_eq!(target("/css/a.css"), file("css/a.css"));
        for link in ["#top", "", "data:,x", "https://a.b/c", "//a.b/c"] {
            assert_eq!(target(link), None, "{link}");
        }
    }
}
