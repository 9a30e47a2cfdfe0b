//! Lines, fans and boundaries.

use super::axis::{Scale, labels as below, x};
use super::{COLOURS, LEFT, Pen, RIGHT, WIDTH, legend, stroke, words};
use crate::chart::Series;

pub(super) fn lines(pen: Pen, labels: &[String], series: &[Series]) -> (f64, String) {
    let (keys, legend) = legend(series.iter().map(|it| it.name.as_str()));
    let scale = Scale::over(series.iter().flat_map(|it| it.values.iter().flatten().copied()), keys);
    let mut text = legend + &scale.drawn(pen) + &below(labels, scale.height());
    for (at, it) in series.iter().enumerate() {
        text.push_str(&path(&scale, &format!("line s{}", at % COLOURS), it, labels.len()));
    }
    (scale.height(), text)
}

pub(super) fn fan(
    pen: Pen,
    labels: &[String],
    bands: &[(Series, Series)],
    median: &Series,
    mark: Option<f64>,
) -> (f64, String) {
    let ends = bands.iter().flat_map(|(low, high)| low.values.iter().chain(&high.values));
    let all = ends.chain(&median.values).flatten().copied().chain(mark);
    let scale = Scale::over(all, 0.0);
    let mut text = scale.drawn(pen) + &below(labels, scale.height());
    for (low, high) in bands {
        let point = |at: usize, it: &Series| {
            let value = it.values.get(at).copied().flatten().filter(|it| it.is_finite())?;
            Some(format!("{:.1},{:.1}", x(at, labels.len()), scale.y(value)))
        };
        let there = (0..labels.len()).filter_map(|at| point(at, high));
        let back = (0..labels.len()).rev().filter_map(|at| point(at, low));
        let points = there.chain(back).collect::<Vec<_>>().join(" ");
        text.push_str(&format!("<polygon class=\"band\" points=\"{points}\"/>"));
    }
    text.push_str(&path(&scale, "line s0", median, labels.len()));
    if let Some(mark) = mark {
        let y = scale.y(mark);
        text.push_str(&stroke("mark", (LEFT, y), (WIDTH - RIGHT, y)));
    }
    (scale.height(), text)
}

/// Both quantities from nothing on; the line where something begins to hold, and where things stand.
pub(super) fn boundary(pen: Pen, names: (&str, &str), points: &[(f64, f64)], here: (f64, f64)) -> (f64, String) {
    let room = super::KEY;
    let all = || points.iter().copied().chain([here]);
    let scale = Scale::over(all().map(|it| it.1), room);
    let most = all().map(|it| it.0).fold(0.0_f64, f64::max).max(f64::MIN_POSITIVE) * 1.05;
    let across = |value: f64| LEFT + (WIDTH - LEFT - RIGHT) * (value / most).clamp(0.0, 1.0);
    let bottom = scale.height();
    let mut text = words((LEFT, super::TOP + 10.0), "start", names.1) + &scale.drawn(pen);
    text.push_str(&words((LEFT, bottom - 8.0), "middle", &pen.numbers.number(0.0)));
    text.push_str(&words(((LEFT + WIDTH) / 2.0, bottom - 8.0), "middle", names.0));
    text.push_str(&words((WIDTH - RIGHT, bottom - 8.0), "end", &pen.numbers.number(most)));
    let line: Vec<String> = points.iter().map(|it| format!("{:.1},{:.1}", across(it.0), scale.y(it.1))).collect();
    text.push_str(&format!("<polyline class=\"line s0\" points=\"{}\"/>", line.join(" ")));
    let (cx, cy) = (across(here.0), scale.y(here.1));
    text.push_str(&format!("<circle class=\"f1\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"6\"/>"));
    let (anchor, aside) = if cx > WIDTH / 2.0 { ("end", -10.0) } else { ("start", 10.0) };
    text.push_str(&words((cx + aside, cy - 8.0), anchor, &pen.say("report-here")));
    (bottom, text)
}

/// A line with gaps where nothing is known, and a dot where a value stands alone.
fn path(scale: &Scale, class: &str, series: &Series, count: usize) -> String {
    let mut text = String::new();
    let mut run: Vec<String> = Vec::new();
    let flush = |run: &mut Vec<String>| {
        let drawn = match run.as_slice() {
            [] => String::new(),
            [only] => {
                let (x, y) = only.split_once(',').unwrap_or(("0", "0"));
                format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>")
            }
            points => format!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")),
        };
        run.clear();
        drawn
    };
    for at in 0..count {
        match series.values.get(at).copied().flatten().filter(|it| it.is_finite()) {
            Some(value) => run.push(format!("{:.1},{:.1}", x(at, count), scale.y(value))),
            None => text.push_str(&flush(&mut run)),
        }
    }
    text.push_str(&flush(&mut run));
    text
}
