//! A run: what a model says, with an error bar on every estimate. A function of model, draws and seed.

mod backcast;
mod boundary;
mod bounds;
mod difference;
mod drawing;
mod fan;
mod outcome;
mod replicate;
mod sensitive;
mod tornado;

use realm::load::Diagnostic;

pub use boundary::{Boundary, BoundaryPoint, Needed};
pub use bounds::{Binding, Bounds, CapacityOutcome, Resource};
pub use difference::{Difference, ReadingDifference, Step, diff};
pub use outcome::{
    Backcast, BackcastInput, BeliefOutcome, Disagreement, FigureOutcome, InputOutcome, LEVELS, Outcome, ReadingOutcome,
    SectorOutcome, TargetOutcome, YearFan,
};
pub use sensitive::{InputSensitivity, Sensitivity};
pub use tornado::Bar;

pub(crate) use drawing::Drawing;

use crate::model::Model;
use crate::program::Stop;
use crate::say::MESSAGES;
use crate::sensitivity::Estimate;

/// Fewest and most draws of a run.
pub const DRAWS: std::ops::RangeInclusive<usize> = 2_000..=100_000_000;
/// Most draws that are held at once by a thread, for each figure and year.
const REPLICATE_MAX: usize = 65_536;
/// Fewest repetitions: error bars come from how far they differ.
const REPLICATES_MIN: usize = 20;

/// How inputs are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// A Latin hypercube.
    Latin,
    /// Sobol's sequence, scrambled.
    Sobol,
}

/// How a model is run.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many draws, within [`DRAWS`]; rounded up to whole repetitions.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Threads; nothing depends on them.
    pub threads: usize,
    /// How inputs are drawn.
    pub sampling: Sampling,
    /// Points of the design for Sobol's indices: a power of two; none: no indices.
    pub sobol_base: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { draws: 100_000, seed: 1, threads: 1, sampling: Sampling::Latin, sobol_base: Some(4_096) }
    }
}

impl Settings {
    /// Repetitions, and draws in each.
    pub(crate) fn replicates(&self) -> (usize, usize) {
        let draws = self.draws.clamp(*DRAWS.start(), *DRAWS.end());
        let count = draws.div_ceil(REPLICATE_MAX).max(REPLICATES_MIN);
        (count, draws.div_ceil(count))
    }
}

/// Runs a model.
///
/// # Errors
/// Where the model has no value for some draw: which figure, in which year, and the inputs it depends on.
pub fn run(model: &Model, settings: &Settings) -> Result<Outcome, Vec<Diagnostic>> {
    let tallies = replicate::all(model, settings).map_err(|stop| vec![stopped(model, &stop)])?;
    let reading = asked(model, &tallies);
    let sensitivity = sensitive::of(model, settings, &tallies, reading).map_err(|stop| vec![stopped(model, &stop)])?;
    let mut outcome = outcome::of(model, settings, &tallies, (sensitivity, reading));
    // Where nothing binds, the answer is the one that is there.
    let binds = outcome.capacity.as_ref().is_some_and(|it| it.binding.is_some());
    if let Some(free) = model.unbounded().filter(|_| binds) {
        let tallies = replicate::all(&free, settings).map_err(|stop| vec![stopped(&free, &stop)])?;
        outcome.unbounded = outcome::targets(&free, &tallies);
    }
    Ok(outcome)
}

/// The reading of the first target whose probability is nearest to even odds.
fn asked(model: &Model, tallies: &[replicate::Tallies]) -> usize {
    let all: f64 = tallies.iter().map(|it| it.draws).sum();
    let far = |reading: &usize| {
        let reached: f64 = tallies.iter().map(|it| it.reached[*reading].draws).sum();
        (reached / all - 0.5).abs()
    };
    let readings = 0..model.targets.first().map_or(0, |it| it.readings.len());
    readings.min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(0)
}

/// A stop as a problem of the file.
pub(crate) fn stopped(model: &Model, stop: &Stop) -> Diagnostic {
    let owner = model.program.owner.get(stop.node).map_or(0, |owner| usize::from(*owner));
    let mask = model.program.inputs.get(stop.node).copied().unwrap_or_default();
    let inputs = model.inputs.iter().enumerate().filter(|(at, _)| mask & (1 << at) != 0);
    let inputs: Vec<&str> = inputs.map(|(_, input)| input.id.as_str()).collect();
    let code = if stop.by_zero { "forecast.divided_by_zero" } else { "forecast.no_value" };
    Diagnostic::error(code, &MESSAGES)
        .at(&model.source, model.place(owner))
        .arg("figure", model.definitions.get(owner).map_or("", |it| it.name.as_str()))
        .arg("inputs", if inputs.is_empty() { "–".to_owned() } else { inputs.join(", ") })
        .arg("year", model.calendar(stop.year).to_string())
}

/// The mean of repetitions with its 90 % interval.
pub(crate) fn estimate(repetitions: impl Iterator<Item = f64>) -> Estimate {
    let all: Vec<f64> = repetitions.collect();
    let n = all.len() as f64;
    let value = all.iter().sum::<f64>() / n;
    let variance = all.iter().map(|it| (it - value).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    // Student's t at 95 %, near enough for twenty and more repetitions.
    let half = (1.645 + 1.6 / (n - 1.0).max(1.0)) * (variance / n).sqrt();
    Estimate { value, low: value - half, high: value + half }
}

/// The same of a probability, which has ends.
pub(crate) fn probability(repetitions: impl Iterator<Item = f64>) -> Estimate {
    let it = estimate(repetitions);
    Estimate { value: it.value, low: it.low.max(0.0), high: it.high.min(1.0) }
}
