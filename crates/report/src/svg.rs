//! Charts as SVG that a screen reader announces by its sentence.

mod axis;
mod bars;
mod lines;
mod map;
mod timeline;

use realm::load::Lang;

use crate::chart::{Chart, Shape};
use crate::html::escaped;
use crate::locale::Numbers;

/// The width of every picture; its height follows what is in it.
const WIDTH: f64 = 760.0;
/// Room on the left for numbers.
const LEFT: f64 = 84.0;
/// Room on the right.
const RIGHT: f64 = 16.0;
/// Room above.
const TOP: f64 = 12.0;
/// Room below for labels.
const BOTTOM: f64 = 26.0;
/// The height of a line of a legend.
const KEY: f64 = 20.0;
/// Colours; the next row begins again, hatched.
const COLOURS: usize = 8;

/// What a picture is drawn with.
#[derive(Clone, Copy)]
struct Pen {
    lang: Lang,
    numbers: Numbers,
}

impl Pen {
    fn say(self, key: &str) -> String {
        crate::MESSAGES.text(self.lang, key, &[]).message
    }
}

impl Chart {
    /// The picture, as an element of a page whose style knows `f0`…`f7` (fills), `s0`…`s7` (strokes) and the words of
    /// this crate's own style.
    pub fn to_svg(&self, lang: Lang) -> String {
        drawn(self, lang)
    }
}

/// The picture of a chart.
pub(crate) fn drawn(chart: &Chart, lang: Lang) -> String {
    let pen = Pen { lang, numbers: Numbers::of(lang) };
    let (height, inside) = match &chart.shape {
        Shape::Lines { labels, series } => lines::lines(pen, labels, series),
        Shape::Fan { labels, bands, median, mark } => lines::fan(pen, labels, bands, median, *mark),
        Shape::Boundary { across, up, points, here } => lines::boundary(pen, (across, up), points, *here),
        Shape::Stacked { labels, series } => bars::stacked(pen, labels, series),
        Shape::Tornado { swings, middle } => bars::tornado(pen, swings, *middle),
        Shape::Timeline { years, spans } => timeline::timeline(pen, *years, spans),
        Shape::Map { places } => map::map(pen, places),
    };
    // Each picture has hatches of its own: a page may hold many.
    let name = chart.table.name;
    let defs = format!(
        "<defs><pattern id=\"hatch-{name}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>"
    );
    let inside = inside.replace("#hatch", &format!("#hatch-{name}"));
    let defs = if inside.contains("#hatch-") { defs } else { String::new() };
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">{defs}{inside}</svg>",
        escaped(&chart.summary)
    )
}

/// A legend from the top on: its height and the shapes.
fn legend<'a>(names: impl Iterator<Item = &'a str>) -> (f64, String) {
    let (mut x, mut y, mut text) = (LEFT, TOP, String::new());
    for (at, name) in names.enumerate() {
        // Letters are of different widths: this is wide enough for most.
        let wide = 7.2 * name.chars().count() as f64 + 34.0;
        if x + wide > WIDTH - RIGHT && x > LEFT {
            (x, y) = (LEFT, y + KEY);
        }
        text.push_str(&bars::part(at, (x, y, 12.0, 12.0)));
        text.push_str(&words((x + 18.0, y + 10.5), "start", name));
        x += wide;
    }
    (y + KEY - TOP, text)
}

/// Words at a point.
fn words(at: (f64, f64), anchor: &str, text: &str) -> String {
    format!("<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>", at.0, at.1, escaped(text))
}

/// A straight line.
fn stroke(class: &str, from: (f64, f64), to: (f64, f64)) -> String {
    format!("<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>", from.0, from.1, to.0, to.1)
}
