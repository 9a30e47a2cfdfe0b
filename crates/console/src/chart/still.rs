//! A chart's picture without scripts: bars and lines as shapes in a box; flows have their table only.

use super::{Chart, Kind, Series};
use crate::text::Words;

/// The box that shapes are drawn in.
const WIDE: f64 = 480.0;
/// Its height.
const HIGH: f64 = 100.0;
/// A bar is no wider, however few there are.
const BAR_MAX: f64 = 28.0;

/// A picture in shapes.
#[derive(Debug, Default, PartialEq)]
pub struct Still {
    /// Bars: which series, from the left, from the top, width, height.
    pub bars: Vec<(usize, f64, f64, f64, f64)>,
    /// Lines: which series, the path.
    pub lines: Vec<(usize, String)>,
    /// What stands below some of the places; as many as there are places.
    pub ticks: Vec<String>,
    /// The greatest height.
    pub most: f64,
}

impl Still {
    /// Draws a chart.
    pub(super) fn of(chart: &Chart) -> Self {
        if chart.kind == Kind::Sankey || chart.labels.is_empty() {
            return Self::default();
        }
        let heights = heights(chart);
        let most = heights.iter().flatten().filter_map(|height| height.map(|(_, top)| top)).fold(0.0, f64::max);
        let mut still = Self { most, ticks: ticks(&chart.labels), ..Self::default() };
        if most <= 0.0 {
            return still;
        }
        let scaled = |value: f64| HIGH - value / most * HIGH;
        let place = WIDE / count(chart.labels.len());
        for (series, heights) in heights.iter().enumerate() {
            if matches!(chart.kind, Kind::Line | Kind::Area) {
                let points = heights.iter().enumerate();
                let points = points.map(|(at, it)| it.map(|(_, top)| ((count(at) + 0.5) * place, scaled(top))));
                still.lines.push((series + 1, path(points)));
                continue;
            }
            for (at, (bottom, top)) in heights.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)?))) {
                if top > bottom {
                    // A part that is there is seen, however small.
                    let height = (scaled(bottom) - scaled(top)).max(1.5);
                    let width = (place * 0.7).min(BAR_MAX);
                    let x = (count(at) + 0.5) * place - width / 2.0;
                    let y = scaled(bottom) - height;
                    still.bars.push((series + 1, tenth(x), tenth(y), tenth(width), tenth(height)));
                }
            }
        }
        still
    }
}

impl Still {
    /// What the full height stands for.
    pub fn told(&self, words: &Words) -> String {
        words.most(self.most)
    }
}

/// Where each part begins and ends; parts of stacked charts stand upon each other.
fn heights(chart: &Chart) -> Vec<Vec<Option<(f64, f64)>>> {
    let mut floors = vec![0.0; chart.labels.len()];
    let mut one = |series: &Series| -> Vec<Option<(f64, f64)>> {
        let part = |(value, floor): (&Option<f64>, &mut f64)| {
            let bottom = if chart.kind.is_stacked() { *floor } else { 0.0 };
            let top = bottom + (*value)?;
            *floor = top;
            Some((bottom, top))
        };
        series.values.iter().zip(&mut floors).map(part).collect()
    };
    chart.series.iter().map(&mut one).collect()
}

/// A path that is interrupted where nothing is known; a point alone is a short dash.
fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let (mut path, mut open) = (String::new(), false);
    for point in points {
        if let Some((x, y)) = point {
            let (x, y) = (tenth(x), tenth(y));
            let step = if open { format!("L{x} {y}") } else { format!("M{} {y}L{x} {y}", tenth(x - 1.0)) };
            path.push_str(&step);
        }
        open = point.is_some();
    }
    path
}

/// Labels that fit below: of many only some.
fn ticks(labels: &[String]) -> Vec<String> {
    const SEEN: usize = 6;
    let every = labels.len().div_ceil(SEEN).max(1);
    let tick = |(at, label): (usize, &String)| if at % every == 0 { label.clone() } else { String::new() };
    labels.iter().enumerate().map(tick).collect()
}

#[expect(clippy::cast_precision_loss, reason = "places in a picture are few")]
fn count(number: usize) -> f64 {
    number as f64
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::{Chart, Kind, Series};
    use crate::table::Table;

    fn chart(kind: Kind, series: &[&[Option<f64>]]) -> Chart {
        let one = |values: &&[Option<f64>]| Series { name: "s".into(), values: values.to_vec() };
        Chart {
            title: String::new(),
            summary: String::new(),
            kind,
            labels: (0..series[0].len()).map(|n| n.to_string()).collect(),
            series: series.iter().map(one).collect(),
            flows: Vec::new(),
            stopped: String::new(),
            whole: true,
            views: Vec::new(),
            table: Table::default(),
        }
    }

    #[test]
    fn stacked_bars_stand_upon_each_other_and_the_highest_fills_the_box() {
        let still = chart(Kind::Stacked, &[&[Some(3.0), Some(0.0)], &[Some(1.0), Some(2.0)]]).still();
        assert_eq!(still.most, 4.0);
        assert_eq!(
            still.bars,
            [(1, 106.0, 25.0, 28.0, 75.0), (2, 106.0, 0.0, 28.0, 25.0), (2, 346.0, 50.0, 28.0, 50.0),]
        );
    }

    #[test]
    fn a_line_is_interrupted_where_nothing_is_known() {
        let still = chart(Kind::Line, &[&[Some(2.0), None, Some(1.0), Some(2.0)]]).still();
        assert_eq!(still.lines, [(1, "M59 0L60 0M299 50L300 50L420 0".to_owned())]);
        assert!(chart(Kind::Line, &[&[None, Some(0.0)]]).is_empty());
    }
}
