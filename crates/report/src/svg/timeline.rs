//! Spans of years: a dashed frame from order to service, a full bar while in service.

use super::bars::part;
use super::{Pen, RIGHT, WIDTH, stroke, words};
use crate::chart::Span;

/// The height of a row.
const ROW: f64 = 26.0;
/// Least and greatest room for names and amounts.
const NAMES: (f64, f64) = (220.0, 430.0);
/// About as wide as a letter is.
const LETTER: f64 = 6.4;

pub(super) fn timeline(pen: Pen, years: (i32, i32), spans: &[Span]) -> (f64, String) {
    let first = spans.iter().map(|it| it.ordered).min().unwrap_or(years.0).min(years.0);
    let name = |span: &Span| format!("{} · {}", span.name, span.amount);
    let longest = spans.iter().map(|span| name(span).chars().count()).max().unwrap_or(0);
    let names = (LETTER * longest as f64 + 16.0).clamp(NAMES.0, NAMES.1);
    let (begin, end) = (f64::from(first), f64::from(years.1 + 1));
    let x = |year: i32| names + (WIDTH - names - RIGHT) * (f64::from(year).clamp(begin, end) - begin) / (end - begin);
    let height = ROW * spans.len() as f64 + 60.0;
    let mut text = part(0, (names, 6.0, 12.0, 12.0)) + &words((names + 18.0, 16.5), "start", &pen.say("report-serves"));
    text.push_str(&frame((names + 150.0, 6.0, 12.0, 12.0)));
    text.push_str(&words((names + 168.0, 16.5), "start", &pen.say("report-ordered")));
    let every = ((years.1 - first + 1) as f64 / 9.0).ceil().max(1.0) as usize;
    for year in (first..=years.1).step_by(every) {
        text.push_str(&stroke("hair", (x(year), 30.0), (x(year), height - 24.0)));
        text.push_str(&words((x(year) + 2.0, height - 8.0), "start", &year.to_string()));
    }
    for (row, span) in spans.iter().enumerate() {
        let top = 34.0 + ROW * row as f64;
        text.push_str(&words((0.0, top + 14.0), "start", &name(span)));
        if span.serves > span.ordered {
            text.push_str(&frame((x(span.ordered), top + 2.0, x(span.serves) - x(span.ordered), 16.0)));
        }
        let end = span.ends.unwrap_or(years.1 + 1);
        text.push_str(&part(0, (x(span.serves), top, (x(end) - x(span.serves)).max(2.0), 20.0)));
    }
    (height, text)
}

fn frame((x, y, wide, high): (f64, f64, f64, f64)) -> String {
    format!("<rect class=\"wait\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\"/>")
}
