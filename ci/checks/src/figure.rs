//! What a drawing of the book must have.

use scraper::ElementRef;

use crate::pages::selector;

/// What is wrong with a drawing.
pub struct Wrong {
    /// What to look for in its source to find the line.
    pub needle: String,
    /// What is wrong, as a sentence.
    pub message: String,
}

/// Attributes and properties that take a colour.
const COLOURED: [&str; 7] = [
    "fill",
    "stroke",
    "color",
    "stop-color",
    "flood-color",
    "lighting-color",
    "background",
];

/// Looks at an `svg` element and all that is in it.
pub fn wrong(svg: ElementRef<'_>) -> Vec<Wrong> {
    let mut wrong = unnamed(svg);
    let everything = selector("*");
    for element in svg.select(&everything).chain([svg]) {
        let name = element.value().name();
        let why = match name {
            "image" => "holds a picture that cannot follow the theme",
            "script" => "holds a script",
            "style" => "would style the whole page: use a class of the book",
            _ => "",
        };
        if !why.is_empty() {
            let message = format!("<{name}> {why}");
            wrong.push(Wrong { needle: format!("<{name}"), message });
        }
        for (attribute, value) in element.value().attrs() {
            let needle = format!("{attribute}=\"{value}\"");
            if attribute.starts_with("on") {
                let message = format!("{attribute} runs a script");
                wrong.push(Wrong { needle, message });
            } else if let Some(colour) = fixed_colour(attribute, value) {
                let message = format!(
                    "the colour `{colour}` does not follow the theme: use \
                     currentColor, a CSS variable or a class"
                );
                wrong.push(Wrong { needle, message });
            }
        }
    }
    wrong
}

/// What a screen reader would miss.
fn unnamed(svg: ElementRef<'_>) -> Vec<Wrong> {
    let mut messages = Vec::new();
    if svg.attr("role") != Some("img") {
        messages.push("the svg has no role=\"img\"".to_string());
    }
    let labels = svg.attr("aria-labelledby").unwrap_or_default();
    for name in ["title", "desc"] {
        let child = svg.child_elements().find(|it| it.value().name() == name);
        let is_empty = |child: ElementRef<'_>| {
            child.text().all(|text| text.trim().is_empty())
        };
        let Some(child) = child.filter(|child| !is_empty(*child)) else {
            messages.push(format!("the svg has no text in a <{name}>"));
            continue;
        };
        let id = child.attr("id");
        if !labels.split_whitespace().any(|label| Some(label) == id) {
            messages.push(format!(
                "aria-labelledby does not name the id of the svg's <{name}>"
            ));
        }
    }
    let needle = "<svg";
    let wrong = |message| Wrong { needle: needle.to_string(), message };
    messages.into_iter().map(wrong).collect()
}

/// The colour that an attribute fixes for every theme.
fn fixed_colour<'v>(attribute: &str, value: &'v str) -> Option<&'v str> {
    if attribute == "style" {
        let declarations = value.split(';').filter_map(|it| it.split_once(':'));
        return declarations
            .filter_map(|(name, value)| fixed_colour(name.trim(), value))
            .next();
    }
    let value = value.trim();
    let follows = matches!(
        value.to_ascii_lowercase().as_str(),
        "none" | "currentcolor" | "inherit" | "transparent"
    );
    let refers = ["var(--", "url(#"].iter().any(|start| {
        // A comma would begin a colour to fall back on.
        value.starts_with(start) && value.ends_with(')') && !value.contains(',')
    });
    (COLOURED.contains(&attribute) && !follows && !refers).then_some(value)
}
