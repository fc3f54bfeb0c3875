//! What a picture shows, for a reader who does not see it.

use made::thousands;

use crate::timeline::{Act, Client, Lane, Timeline, What};

/// A call as it is named in the pictures: which of the clients it acts on is
/// said, and of no other thing.
pub(crate) fn call(call: &str, on: &str) -> String {
    match on {
        "A" | "B" => format!("{call}({on})"),
        _ => call.to_owned(),
    }
}

/// How often, and how many calls.
pub(crate) fn sums(timeline: &Timeline) -> String {
    let calls = timeline.calls_in_all();
    match (timeline.asked(), timeline.times_woken()) {
        (0, woken) => format!("woken {woken} times, {calls} calls"),
        (asked, _) => {
            format!(
                "never asleep, {calls} calls, and {} in vain",
                thousands(asked)
            )
        }
    }
}

/// The whole picture.
pub(crate) fn of(timeline: &Timeline) -> String {
    let mut sentences = vec![format!("{}.", capital(&sums(timeline)))];
    for client in [Client::A, Client::B] {
        let acts = timeline.acts.iter().filter(|act| act.client == client);
        let acts: Vec<String> = acts.map(act).collect();
        sentences.push(format!("Client {client} {}.", acts.join(", ")));
    }
    sentences.extend(timeline.lanes.iter().map(|it| lane(it, timeline)));
    sentences.join(" ")
}

fn act(act: &Act) -> String {
    let at = act.at / 1000;
    match (act.does, act.answered) {
        (What::Speaks, Some(answered)) => {
            format!("speaks at {at} ms, is answered at {} ms", answered / 1000)
        }
        (does, _) => format!("{does} at {at} ms"),
    }
}

fn lane(lane: &Lane, timeline: &Timeline) -> String {
    let mut parts = Vec::new();
    for (nth, act) in timeline.acts.iter().enumerate() {
        let calls: Vec<_> =
            lane.calls.iter().filter(|call| call.act == nth).collect();
        let Some(first) = calls.first() else { continue };
        let (client, does, count) = (act.client, act.does, calls.len());
        let s = if count == 1 { "" } else { "s" };
        parts.push(match first.woken {
            true => {
                let call = call(&first.call, &first.on);
                format!(
                    "sleeps in {call} until {client} {does}, {count} call{s}"
                )
            }
            false => format!("{client} {does}, {count} call{s}"),
        });
    }
    match &lane.sleeps {
        Some(sleep) => {
            parts.push(format!("sleeps in {}", call(&sleep.call, &sleep.on)));
        }
        None if lane.asked > 0 => {
            parts.push(format!("asks in vain {} times", thousands(lane.asked)));
        }
        None => parts.push("ends".to_owned()),
    }
    format!("{}: {}.", capital(&lane.name), parts.join("; "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
