//! Paths as text, the same on every system.

use std::path::{Component, Path, PathBuf};

/// `path` with `/` between its folders, as links and messages write it.
pub(crate) fn slashed(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// `path` without `.`, and with each `..` taken back. What climbs above the
/// start keeps its `..` in front.
pub(crate) fn normalised(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(
                    normal.components().next_back(),
                    Some(Component::Normal(_))
                ) =>
            {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_taken_back() {
        for (path, normal) in [
            (
                "book/part/../../listings/a/src/main.rs",
                "listings/a/src/main.rs",
            ),
            ("./book/./x.md", "book/x.md"),
            ("book/../../x.md", "../x.md"),
            ("../../x.md", "../../x.md"),
        ] {
            assert_eq!(slashed(&normalised(Path::new(path))), normal);
        }
    }
}
