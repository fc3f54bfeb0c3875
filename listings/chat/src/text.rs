//! What may be said, and what somebody may be called.

/// The most bytes that a line may have, without its end.
pub const LONGEST_LINE: usize = 512;

/// The most characters that a name may have.
const LONGEST_NAME: usize = 16;

// ANCHOR: text
/// Whether everybody's terminal can show the text as it is meant. Control
/// characters could move the cursor or change colours; others turn the
/// direction of the text, so that a line can pretend to be another's.
pub fn is_plain(text: &str) -> bool {
    let turns =
        |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.chars().any(|c| c.is_control() || turns(c))
}

/// Letters of any script, digits, `-` and `_`: no name looks like news.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (1..=LONGEST_NAME).contains(&text.chars().count()) && text.chars().all(fits)
}
// ANCHOR_END: text

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text() {
        assert!(is_plain("你好, world"));
        assert!(!is_plain("\u{1b}[2J"));
        assert!(!is_plain("a\tb"));
        assert!(!is_plain("a\u{202e}b"));
    }

    #[test]
    fn names() {
        assert!(is_name("李雷"));
        assert!(is_name("bob_2-x"));
        for bad in ["", "a b", "*", "<bob>", "abcdefghijklmnopq", "a\u{7}"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
