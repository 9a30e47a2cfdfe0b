//! Scales: round steps, their lines and numbers.

use super::{BOTTOM, LEFT, Pen, RIGHT, TOP, WIDTH, stroke, words};

/// The height of a plot between its axes.
pub(super) const PLOT: f64 = 250.0;
/// Steps that are aimed at.
const STEPS: f64 = 5.0;
/// Fewest pixels between two labels below.
const APART: f64 = 56.0;

/// Values to heights.
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    step: f64,
    top: f64,
}

impl Scale {
    /// A scale over values that begins or ends at nothing where that is not far, in round steps.
    pub(super) fn over(values: impl Iterator<Item = f64>, top: f64) -> Self {
        let values = values.filter(|it| it.is_finite());
        let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
        let step = round_step(if high > low { (high - low) / STEPS } else { 0.2 });
        let high = if high > low { (high / step).ceil() * step } else { 1.0 };
        Self { low: (low / step).floor() * step, high, step, top: TOP + top }
    }

    /// The height of a value.
    pub(super) fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.top + PLOT * (1.0 - share.clamp(0.0, 1.0))
    }

    /// Lines and numbers of the steps.
    pub(super) fn drawn(&self, pen: Pen) -> String {
        let count = ((self.high - self.low) / self.step).round() as usize;
        (0..=count.min(20))
            .map(|at| {
                let value = self.low + self.step * at as f64;
                let value = if value.abs() < self.step * 1e-9 { 0.0 } else { value };
                let y = self.y(value);
                let class = if value == 0.0 { "axis" } else { "hair" };
                stroke(class, (LEFT, y), (WIDTH - RIGHT, y))
                    + &words((LEFT - 8.0, y + 4.0), "end", &pen.numbers.number(value))
            })
            .collect()
    }

    /// The height of the whole picture.
    pub(super) fn height(&self) -> f64 {
        self.top + PLOT + BOTTOM
    }
}

/// The middle of a place among so many.
pub(super) fn x(at: usize, count: usize) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * (at as f64 + 0.5) / count.max(1) as f64
}

/// Labels below, as many as find room.
pub(super) fn labels(labels: &[String], bottom: f64) -> String {
    let longest = labels.iter().map(|it| it.chars().count()).max().unwrap_or(0) as f64;
    let room = (WIDTH - LEFT - RIGHT) / (7.0 * longest + 10.0).max(APART);
    let every = (labels.len() as f64 / room.max(1.0)).ceil().max(1.0) as usize;
    labels
        .iter()
        .enumerate()
        .step_by(every)
        .map(|(at, it)| words((x(at, labels.len()), bottom - 8.0), "middle", it))
        .collect()
}

/// The next of 1, 2, 5 times a power of ten.
fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let lead = raw / power;
    power
        * if lead <= 1.0 {
            1.0
        } else if lead <= 2.0 {
            2.0
        } else if lead <= 5.0 {
            5.0
        } else {
            10.0
        }
}
