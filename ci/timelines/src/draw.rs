//! The picture of a timeline: a lane for each client and each thread, and time
//! from left to right, on the same scale in all pictures.

use svg::Node;
use svg::node::element::{Circle, Group, Path, Rectangle, Text};

use crate::timeline::{Act, Call, Client, Lane, Timeline, What};
use crate::words;

const WIDTH: f64 = 400.0;
/// The height of its letters: on a phone they are still 9 pixels high.
const LETTERS: f64 = 11.5;
/// Where the first and the last moment are.
const LEFT: f64 = 54.0;
const RIGHT: f64 = 394.0;
/// The time between them, in microseconds.
const SPAN: f64 = 600_000.0;
/// A letter of the code's font is about as wide as this.
const LETTER: f64 = 7.0;
/// The height of the line above the lanes.
const HEAD: f64 = 20.0;
const CLIENT: f64 = 30.0;
const BOX: f64 = 15.0;
const LINE: f64 = 13.0;
/// No bar is narrower, and this wide is the gap beside it.
const NARROW: f64 = 3.0;
const GAP: f64 = 2.0;
/// Long enough to be seen as waiting.
const LONG: u64 = 20_000;

/// Draws it.
pub(crate) fn draw(timeline: &Timeline) -> String {
    let id = format!("timeline-{}", timeline.listing);
    let mut lanes = Group::new();
    let mut y = HEAD + 2.0 * CLIENT + 4.0;
    for lane in &timeline.lanes {
        let (group, height) = draw_lane(lane, timeline, y);
        lanes.append(group);
        y += height;
    }
    let mut drawing = Group::new();
    drawing.append(head(timeline));
    for act in &timeline.acts {
        drawing.append(guide(act, y));
    }
    for client in [Client::A, Client::B] {
        drawing.append(draw_client(client, timeline));
    }
    drawing.append(lanes);
    drawing.append(axis(y));
    let height = y + 22.0;
    format!(
        "<svg class=\"figure\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-size=\"{LETTERS}\" \
         style=\"max-width: 560px\">\n\
         <title id=\"{id}-title\">Where {} waits</title>\n\
         <desc id=\"{id}-desc\">{}</desc>\n{drawing}\n</svg>\n",
        timeline.listing,
        words::of(timeline),
    )
}

/// The listing's name, and the sums.
fn head(timeline: &Timeline) -> Group {
    let name = text(&timeline.listing, 0.0, 13.0).set("font-weight", "bold");
    let sums = text(&words::sums(timeline), RIGHT, 13.0);
    Group::new().add(name).add(sums.set("text-anchor", "end"))
}

/// A line from what a client does down to the threads.
fn guide(act: &Act, bottom: f64) -> Path {
    let (x, y) = (x(act.at), client_line(act.client));
    path("line faint", &format!("M{x:.1} {y}V{bottom}"))
        .set("stroke-dasharray", "1 3")
}

/// Where the line of a client is.
fn client_line(client: Client) -> f64 {
    let nth = match client {
        Client::A => 0.0,
        Client::B => 1.0,
    };
    HEAD + nth * CLIENT + 20.0
}

fn draw_client(client: Client, timeline: &Timeline) -> Group {
    let y = client_line(client);
    let mut group = Group::new();
    group.append(text(&format!("client {client}"), 0.0, y + 4.0));
    let acts = || timeline.acts.iter().filter(|act| act.client == client);
    let ends: Vec<f64> = acts()
        .filter(|act| act.does != What::Speaks)
        .map(|act| x(act.at))
        .collect();
    if let [from, to] = ends[..] {
        group.append(path("line", &format!("M{from:.1} {y}H{to:.1}")));
    }
    for act in acts() {
        let x_act = x(act.at);
        let long = act.answered.filter(|it| it - act.at > LONG);
        let mut word = act.does.to_string();
        if let Some(answered) = long {
            group.append(wait(x_act, x(answered), y - 4.0, 8.0));
            word += ", and waits";
        }
        group.append(text(&word, x_act - 1.0, y - 9.0));
        group.append(match act.does {
            What::Speaks => Circle::new()
                .set("class", "act")
                .set("cx", format!("{x_act:.1}"))
                .set("cy", y)
                .set("r", 3.5)
                .into(),
            _ => bar("line", x_act, y),
        });
    }
    group
}

fn bar(class: &str, x: f64, y: f64) -> svg::node::element::Element {
    let d = format!("M{x:.1} {}V{}", y - 5.0, y + 5.0);
    path(class, &d).set("stroke-width", 2).into()
}

/// One thread; and how high its lane is.
fn draw_lane(lane: &Lane, timeline: &Timeline, top: f64) -> (Group, f64) {
    let labels = labels(lane, timeline.end);
    let levels = labels.iter().map(|label| label.level).max().unwrap_or(0);
    let y = top + LINE * (levels + 1) as f64 + 3.0;
    let mut group = Group::new();
    group.append(text(&lane.name, 0.0, y + BOX - 4.0));
    for label in &labels {
        let row = (levels - label.level) as f64;
        let y = top + LINE * row + 11.0;
        let text = text(&label.text, label.x, y);
        let class = if lane.asked > 0 { "back" } else { "code back" };
        group.append(text.set("class", class));
    }
    let bars = bars(lane, timeline);
    for (from, to) in sleeps(lane, timeline.end) {
        // It keeps clear of the bars.
        let (mut from, mut to) = (x(from), x(to));
        for bar in &bars {
            if bar.from <= from {
                from = from.max(bar.to + GAP);
            } else {
                to = to.min(bar.from - GAP);
            }
        }
        group.append(wait(from, to, y, BOX));
    }
    if lane.asked > 0 {
        group.append(band(x(0), x(timeline.end), y, &bars));
    }
    for bar in &bars {
        let work = Rectangle::new()
            .set("class", "act")
            .set("x", format!("{:.1}", bar.from))
            .set("y", y - 2.0)
            .set("width", format!("{:.1}", bar.to - bar.from))
            .set("height", BOX + 4.0);
        group.append(work);
        let count = bar.calls.to_string();
        group.append(text(&count, bar.from + 2.0, y + BOX + 13.0));
    }
    (group, y + BOX + 17.0 - top)
}

/// What a thread did about one act.
struct Bar {
    from: f64,
    to: f64,
    calls: usize,
}

fn bars(lane: &Lane, timeline: &Timeline) -> Vec<Bar> {
    let bar = |act: usize| {
        let calls: Vec<&Call> =
            lane.calls.iter().filter(|call| call.act == act).collect();
        let (first, last) = (calls.first()?, calls.last()?);
        let from = x(if first.woken { first.left } else { first.entered });
        let to = x(last.left).max(from + NARROW);
        Some(Bar { from, to, calls: calls.len() })
    };
    (0..timeline.acts.len()).filter_map(bar).collect()
}

/// From when to when a thread slept.
fn sleeps(lane: &Lane, end: u64) -> Vec<(u64, u64)> {
    let woken = lane.calls.iter().filter(|call| call.woken);
    let mut sleeps: Vec<_> =
        woken.map(|call| (call.entered, call.left)).collect();
    sleeps.extend(lane.sleeps.iter().map(|sleep| (sleep.entered, end)));
    sleeps
}

/// The name of a call, above the place where a thread begins to sleep in it.
struct Label {
    text: String,
    x: f64,
    /// 0 stands lowest.
    level: usize,
}

fn labels(lane: &Lane, end: u64) -> Vec<Label> {
    if lane.asked > 0 {
        let text = "asks again and again, and never sleeps".to_owned();
        return vec![Label { text, x: LEFT, level: 0 }];
    }
    let woken = lane.calls.iter().filter(|call| call.woken);
    let woken = woken.map(|call| (&call.call, &call.on, call.entered));
    let at_end = lane.sleeps.iter();
    let at_end = at_end.map(|it| (&it.call, &it.on, it.entered));
    let mut labels: Vec<Label> = Vec::new();
    let mut rows: Vec<f64> = Vec::new();
    for (call, on, entered) in woken.chain(at_end) {
        let text = words::call(call, on);
        if labels.last().is_some_and(|label| label.text == text) {
            continue;
        }
        let width = text.chars().count() as f64 * LETTER;
        let x = x(entered).min(x(end) - width).max(LEFT);
        let level = rows.iter().position(|taken| *taken <= x);
        let level = level.unwrap_or_else(|| {
            rows.push(0.0);
            rows.len() - 1
        });
        rows[level] = x + width + LETTER;
        labels.push(Label { text, x, level });
    }
    labels
}

/// Call after call, too many to be seen; between them the bars.
fn band(from: f64, to: f64, y: f64, bars: &[Bar]) -> Path {
    let count = ((to - from) / 2.5) as usize;
    let d: String = (0..=count)
        .map(|nth| from + nth as f64 * 2.5)
        .filter(|x| {
            let near = |bar: &Bar| bar.from - 2.0 < *x && *x < bar.to + 2.0;
            !bars.iter().any(near)
        })
        .map(|x| format!("M{x:.1} {y}v{BOX}"))
        .collect();
    path("line", &d)
}

fn axis(y: f64) -> Group {
    let mut group = Group::new();
    let d = format!("M{LEFT} {y}H{RIGHT}");
    group.append(path("line", &d));
    for tick in (0..=600).step_by(100) {
        let x = x(tick * 1000);
        group.append(path("line", &format!("M{x:.1} {y}v4")));
        let word = match tick {
            600 => "600 ms".to_owned(),
            tick => tick.to_string(),
        };
        let anchor = if tick == 600 { "end" } else { "middle" };
        group.append(text(&word, x, y + 16.0).set("text-anchor", anchor));
    }
    group
}

/// A dashed box.
fn wait(from: f64, to: f64, y: f64, height: f64) -> Rectangle {
    Rectangle::new()
        .set("class", "wait")
        .set("x", format!("{from:.1}"))
        .set("y", y)
        .set("width", format!("{:.1}", (to - from).max(1.0)))
        .set("height", height)
        .set("rx", 2)
}

fn path(class: &str, d: &str) -> Path {
    Path::new().set("class", class).set("d", d)
}

fn text(what: &str, x: f64, y: f64) -> Text {
    Text::new(what).set("x", format!("{x:.1}")).set("y", format!("{y:.1}"))
}

fn x(time: u64) -> f64 {
    let part = (time as f64 / SPAN).min(1.0);
    LEFT + part * (RIGHT - LEFT)
}
