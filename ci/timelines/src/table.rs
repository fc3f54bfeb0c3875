//! The tables of all models, in Markdown.

use made::thousands;

use crate::models::{Manner, Model};
use crate::timeline::Timeline;
use crate::words;

/// What the book includes: the sums, and the calls of one message.
pub(crate) fn tables(all: &[(&Model, Timeline)]) -> String {
    format!(
        "<!-- ANCHOR: sums -->\n{}<!-- ANCHOR_END: sums -->\n\
         <!-- ANCHOR: message -->\n{}<!-- ANCHOR_END: message -->\n",
        sums(all),
        message(all),
    )
}

fn sums(all: &[(&Model, Timeline)]) -> String {
    let mut text = "| server | waits in | woken | calls | an answer |\n\
                    |---|---|--:|--:|--:|\n"
        .to_owned();
    for (model, timeline) in all {
        let calls = timeline.calls_in_all();
        let (names, calls) = match timeline.asked() {
            0 => (code(timeline.sleeps_in()), calls.to_string()),
            asked => {
                let in_vain = thousands(asked);
                ("nothing".into(), format!("{calls}, and {in_vain} in vain"))
            }
        };
        text += &format!(
            "| {} | {names} | {} | {calls} | {} |\n",
            link(model),
            timeline.times_woken(),
            timeline.last_of_b().count(),
        );
    }
    text
}

fn message(all: &[(&Model, Timeline)]) -> String {
    let mut text =
        "| server | from waiting to waiting |\n|---|---|\n".to_owned();
    for (model, timeline) in all {
        let calls = timeline.last_of_b().map(|call| {
            let name = match (&*call.call, call.on.split(' ').next_back()) {
                ("read" | "write" | "epoll_ctl", Some(on)) => {
                    format!("{}({on})", call.call)
                }
                _ => words::call(&call.call, &call.on),
            };
            let failed = call.result == "EAGAIN";
            if failed { format!("{name} = EAGAIN") } else { name }
        });
        let calls: Vec<String> = calls.collect();
        let calls = code(calls.iter().map(String::as_str));
        let between = match model.manner {
            Manner::Asks => ", and in vain whatever lies between",
            _ => "",
        };
        text += &format!("| {} | {calls}{between} |\n", model.listing);
    }
    text
}

fn code<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names = names.into_iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(", ")
}

/// To the chapter about the server.
fn link(model: &Model) -> String {
    format!("[{}]({})", model.listing, model.chapter)
}
