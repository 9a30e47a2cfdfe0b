//! Stacked bars and swings about a middle.

use super::axis::{Scale, labels as below, x};
use super::{COLOURS, LEFT, Pen, RIGHT, WIDTH, legend, stroke, words};
use crate::chart::{Series, Swing};

/// The height of a row of a tornado.
const ROW: f64 = 26.0;
/// Room for names of rows.
const NAMES: f64 = 250.0;

/// A rectangle of a series: x, y, width, height. From the ninth series on it is hatched.
pub(super) fn part(series: usize, (x, y, wide, high): (f64, f64, f64, f64)) -> String {
    let place = format!("x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"");
    let mut text = format!("<rect class=\"f{} gap\" {place}/>", series % COLOURS);
    if series >= COLOURS || series % 2 == 1 {
        text.push_str(&format!("<rect fill=\"url(#hatch)\" {place}/>"));
    }
    text
}

pub(super) fn stacked(pen: Pen, labels: &[String], series: &[Series]) -> (f64, String) {
    let (keys, legend) = legend(series.iter().map(|it| it.name.as_str()));
    let value =
        |at: usize, it: &Series| it.values.get(at).copied().flatten().filter(|it| it.is_finite()).unwrap_or(0.0);
    // What is above nothing is stacked upwards, what is below it downwards.
    let sum = |at: usize, up: bool| series.iter().map(|it| value(at, it)).filter(|it| (*it > 0.0) == up).sum::<f64>();
    let ends = (0..labels.len()).flat_map(|at| [sum(at, true), sum(at, false)]);
    let scale = Scale::over(ends, keys);
    let mut text = legend + &scale.drawn(pen);
    let place = (WIDTH - LEFT - RIGHT) / labels.len().max(1) as f64;
    let wide = (place * 0.7).min(64.0);
    for at in 0..labels.len() {
        let (mut up, mut down) = (0.0, 0.0);
        for (number, it) in series.iter().enumerate() {
            let height = value(at, it);
            let base = if height > 0.0 { &mut up } else { &mut down };
            let (from, to) = (scale.y(*base), scale.y(*base + height));
            *base += height;
            if (from - to).abs() > 0.05 {
                let rect = (x(at, labels.len()) - wide / 2.0, from.min(to), wide, (from - to).abs());
                text.push_str(&part(number, rect));
            }
        }
    }
    text.push_str(&below(labels, scale.height()));
    (scale.height(), text)
}

pub(super) fn tornado(pen: Pen, swings: &[Swing], middle: f64) -> (f64, String) {
    let swings: Vec<&Swing> = swings.iter().filter(|it| it.low.is_finite() && it.high.is_finite()).collect();
    let middle = if middle.is_finite() { middle } else { 0.0 };
    let ends = swings.iter().flat_map(|it| [it.low, it.high]);
    let (low, high) = ends.fold((middle, middle), |(low, high), it| (low.min(it), high.max(it)));
    let span = if high > low { high - low } else { 1.0 };
    let x = |value: f64| NAMES + (WIDTH - NAMES - RIGHT) * (value - low) / span;
    let height = ROW * swings.len() as f64 + 34.0;
    let mut text = String::new();
    for (row, swing) in swings.iter().enumerate() {
        let top = ROW * row as f64 + 6.0;
        text.push_str(&words((0.0, top + 14.0), "start", &shortened(&swing.name)));
        for (series, end) in [(1, swing.low), (0, swing.high)] {
            let (from, to) = (x(middle).min(x(end)), x(middle).max(x(end)));
            text.push_str(&part(series, (from, top, to - from, 18.0)));
        }
    }
    text.push_str(&stroke("axis", (x(middle), 0.0), (x(middle), height - 24.0)));
    for (value, anchor) in [(low, "start"), (middle, "middle"), (high, "end")] {
        // An end that lies at the middle would be written over it.
        if value == middle || (x(value) - x(middle)).abs() > 60.0 {
            text.push_str(&words((x(value), height - 8.0), anchor, &pen.numbers.number(value)));
        }
    }
    (height, text)
}

/// A name that fits beside its bars.
fn shortened(name: &str) -> String {
    const MOST: usize = 36;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}
