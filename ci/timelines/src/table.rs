//! The table of all models.

use crate::timeline::Timeline;
use crate::words::large;

/// In Markdown.
pub(crate) fn table(timelines: &[Timeline]) -> String {
    let mut text = "| model | waits in | woken | calls in all | a message |\n\
                    |---|---|--:|--:|--:|\n"
        .to_owned();
    for timeline in timelines {
        let names: Vec<String> =
            timeline.sleeps_in().iter().map(|it| format!("`{it}`")).collect();
        let (names, in_vain) = match timeline.asked() {
            0 => (names.join(", "), String::new()),
            asked => {
                ("nothing".into(), format!(", and {} in vain", large(asked)))
            }
        };
        text += &format!(
            "| {} | {names} | {} | {}{in_vain} | {} |\n",
            timeline.listing,
            timeline.times_woken(),
            timeline.calls_in_all(),
            timeline.calls_a_message(),
        );
    }
    text
}
