//! The two charts, as SVG that a screen reader announces by its label.

use std::fmt::Write;

use super::escaped;
use crate::report::number;
use crate::run::{Bar, FigureOutcome};

/// Pairs of levels that are drawn as bands: 90 % and 50 %.
const BANDS: [(usize, usize); 2] = [(2, 14), (5, 11)];
const MEDIAN: usize = 8;
const WIDTH: f64 = 720.0;
const LEFT: f64 = 90.0;
/// Most bars of a tornado.
const BARS_MAX: usize = 12;

/// A fan: bands of 90 % and 50 %, and the median. `label` is escaped already.
pub(super) fn fan(figure: &FigureOutcome, label: &str) -> String {
    const HEIGHT: f64 = 300.0;
    let ends = figure.years.iter().flat_map(|it| [it.levels[BANDS[0].0].value, it.levels[BANDS[0].1].value]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    let span = if high > low { high - low } else { 1.0 };
    let steps = (figure.years.len().max(2) - 1) as f64;
    let x = |year: usize| LEFT + (WIDTH - LEFT - 20.0) * year as f64 / steps;
    let y = |value: f64| 20.0 + (HEIGHT - 50.0) * (1.0 - (value - low) / span);
    let point = |(at, level): (usize, usize)| format!("{:.1},{:.1}", x(at), y(figure.years[at].levels[level].value));
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">");
    for step in 0..=4 {
        let value = low + span * f64::from(step) / 4.0;
        let at = y(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text x=\"{:.1}\" \
             y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            number(value)
        );
    }
    let years = 0..figure.years.len();
    for (lower, upper) in BANDS {
        let there = years.clone().map(|at| point((at, upper)));
        let back = years.clone().rev().map(|at| point((at, lower)));
        let points = there.chain(back).collect::<Vec<_>>().join(" ");
        let _ = write!(svg, "<polygon class=\"band\" points=\"{points}\"/>");
    }
    let median = years.clone().map(|at| point((at, MEDIAN))).collect::<Vec<_>>().join(" ");
    let _ = write!(svg, "<polyline class=\"median\" points=\"{median}\"/>");
    for at in years {
        let year = figure.years[at].year;
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{year}</text>", x(at), HEIGHT - 8.0);
    }
    svg + "</svg>"
}

/// Bars from what the figure is with an input low to what it is with it high.
pub(super) fn tornado(bars: &[Bar], middle: f64, label: &str) -> String {
    const ROW: f64 = 24.0;
    const NAMES: f64 = 200.0;
    let bars = &bars[..bars.len().min(BARS_MAX)];
    let ends = bars.iter().flat_map(|bar| [bar.low, bar.high]);
    let (low, high) = ends.fold((middle, middle), |(low, high), it| (low.min(it), high.max(it)));
    let span = if high > low { high - low } else { 1.0 };
    let x = |value: f64| NAMES + (WIDTH - NAMES - 20.0) * (value - low) / span;
    let height = ROW * bars.len() as f64 + 30.0;
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{label}\">");
    for (row, bar) in bars.iter().enumerate() {
        let top = ROW * row as f64 + 4.0;
        let _ = write!(svg, "<text x=\"0\" y=\"{:.1}\">{}</text>", top + 13.0, escaped(&bar.input));
        for (class, end) in [("low", bar.low), ("high", bar.high)] {
            let (from, to) = (x(middle).min(x(end)), x(middle).max(x(end)));
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"16\"/>",
                to - from
            );
        }
    }
    for (value, anchor) in [(low, "start"), (middle, "middle"), (high, "end")] {
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
            x(value),
            height - 8.0,
            number(value)
        );
    }
    svg + "</svg>"
}
