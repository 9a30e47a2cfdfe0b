//! One repetition of all draws, and what is counted on the way. Nothing of it outlives its repetition but the counts.

use super::{Drawing, Settings};
use crate::model::Model;
use crate::normal;
use crate::parallel;
use crate::program::{Machine, Node, Program, Stop};
use crate::sensitivity::BLOCK;

/// Slices of an input's range for the value of knowing it.
pub(crate) const SLICES: usize = 32;

/// Most ways to read a target.
pub(crate) const READINGS: usize = 2;

/// Draws that reach the first target in one of its readings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reached {
    /// How many there are.
    pub(crate) draws: f64,
    /// By figure and year: sums among them.
    pub(crate) figures: Vec<Vec<f64>>,
    /// By input: the sum of its percentile among them.
    pub(crate) inputs: Vec<f64>,
}

/// What is compared with a target in one of its readings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compared {
    /// How many draws reach it.
    pub(crate) hits: f64,
    /// Levels, in base units.
    pub(crate) levels: Vec<f64>,
    /// The mean, in base units.
    pub(crate) mean: f64,
}

/// Draws in which an input lies within one slice of its range.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slice {
    pub(crate) draws: f64,
    /// By reading, those that reach the first target.
    pub(crate) hits: [f64; READINGS],
    /// Sum of the decision's value.
    pub(crate) value: f64,
}

/// What one repetition counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tallies {
    pub(crate) draws: f64,
    /// By figure and year: sorted values' levels, then the mean.
    pub(crate) fans: Vec<Vec<(Vec<f64>, f64)>>,
    /// By target and reading.
    pub(crate) targets: Vec<Vec<Compared>>,
    /// By belief and reading: how many draws reach the first target.
    pub(crate) beliefs: Vec<Vec<f64>>,
    /// By year: sum of the capacity's share, draws where it is below 1, draws where power is the lesser.
    pub(crate) capacity: Vec<[f64; 3]>,
    /// By sector and year: sums of what is wanted and of what is adopted.
    pub(crate) sectors: Vec<Vec<[f64; 2]>>,
    /// By reading of the first target: what the draws that reach it have in common.
    pub(crate) reached: [Reached; READINGS],
    /// By input and slice.
    pub(crate) slices: Vec<Vec<Slice>>,
    /// Sum of the decision's value, and of its part above zero.
    pub(crate) decision: [f64; 2],
}

/// Steps that are looked at, in a program of no more than them.
pub(crate) struct Watched {
    pub(crate) program: Program,
    figures: Vec<Node>,
    targets: Vec<Vec<Node>>,
    beliefs: Vec<Vec<Node>>,
    sectors: Vec<[Node; 2]>,
    capacity: Option<(Node, Option<Node>)>,
}

impl Watched {
    pub(crate) fn new(model: &Model) -> Self {
        let mut wanted: Vec<Node> = Vec::new();
        let mut keep = |node: Node| {
            wanted.push(node);
            wanted.len() - 1
        };
        let mut figures: Vec<Node> = model.figures.iter().map(|it| keep(it.node)).collect();
        let mut of = |readings: &[crate::model::Reading]| readings.iter().map(|it| keep(it.node)).collect::<Vec<_>>();
        let mut targets: Vec<Vec<Node>> = model.targets.iter().map(|it| of(&it.readings)).collect();
        let mut beliefs: Vec<Vec<Node>> = model.beliefs.iter().map(|it| of(&it.readings)).collect();
        let mut sectors: Vec<[Node; 2]> = model.sectors.iter().map(|it| [keep(it.wanted), keep(it.adoption)]).collect();
        let capacity = model.aids.share.map(|share| (keep(share), model.aids.is_power.map(&mut keep)));
        let (program, moved) = model.program.only(&wanted);
        let all = figures.iter_mut().chain(targets.iter_mut().flatten()).chain(beliefs.iter_mut().flatten());
        all.chain(sectors.iter_mut().flatten()).for_each(|at| *at = moved[*at]);
        let capacity = capacity.map(|(share, power)| (moved[share], power.map(|it| moved[it])));
        Self { program, figures, targets, beliefs, sectors, capacity }
    }
}

/// All repetitions, in order.
pub(super) fn all(model: &Model, settings: &Settings) -> Result<Vec<Tallies>, Stop> {
    let (count, draws) = settings.replicates();
    let drawing = Drawing::new(model, settings.seed, settings.sampling);
    let watched = Watched::new(model);
    parallel::each(settings.threads, count, || (), |(), number| tally(model, &watched, &drawing, number, draws))
        .map_err(|stop| Stop { node: origin(model, &watched, stop.node), ..stop })
}

/// The step of the whole model that a step of the watched program is.
fn origin(model: &Model, watched: &Watched, node: Node) -> Node {
    let (owner, inputs) = (watched.program.owner[node], watched.program.inputs[node]);
    let same = |at: &usize| model.program.owner[*at] == owner && model.program.inputs[*at] == inputs;
    (0..model.program.ops.len()).find(same).unwrap_or(0)
}

/// One repetition.
pub(crate) fn tally(
    model: &Model,
    watched: &Watched,
    drawing: &Drawing,
    number: usize,
    draws: usize,
) -> Result<Tallies, Stop> {
    let repetition = drawing.repetition(number, draws);
    let mut counting = Counting::new(model, watched, draws);
    let mut machine = Machine::new(&watched.program, BLOCK);
    let mut columns = vec![vec![0.0; BLOCK]; model.inputs.len()];
    for start in (0..draws).step_by(BLOCK) {
        let rows = BLOCK.min(draws - start);
        drawing.normals(&repetition, start, &mut columns);
        counting.place(&columns, rows);
        drawing.values(&mut columns);
        machine.run(&columns, &series(model), 0..model.years(), |year, it| counting.year(year, it, rows))?;
        counting.end(rows);
    }
    Ok(counting.finish())
}

pub(crate) fn series(model: &Model) -> Vec<Vec<f64>> {
    model.series.iter().map(|it| it.values.clone()).collect()
}

struct Counting<'a> {
    model: &'a Model,
    watched: &'a Watched,
    /// By figure and year, all draws so far.
    kept: Vec<Vec<Vec<f64>>>,
    /// By target and reading, all draws so far.
    compared: Vec<Vec<Vec<f64>>>,
    percentiles: Vec<Vec<f64>>,
    value: Vec<f64>,
    tallies: Tallies,
}

impl<'a> Counting<'a> {
    fn new(model: &'a Model, watched: &'a Watched, draws: usize) -> Self {
        let years = model.years();
        let tallies = Tallies {
            draws: draws as f64,
            beliefs: model.beliefs.iter().map(|it| vec![0.0; it.readings.len()]).collect(),
            capacity: vec![[0.0; 3]; if watched.capacity.is_some() { years } else { 0 }],
            sectors: vec![vec![[0.0; 2]; years]; model.sectors.len()],
            reached: std::array::from_fn(|_| Reached {
                draws: 0.0,
                figures: vec![vec![0.0; years]; model.figures.len()],
                inputs: vec![0.0; model.inputs.len()],
            }),
            slices: vec![vec![Slice::default(); SLICES]; model.inputs.len()],
            ..Tallies::default()
        };
        Self {
            model,
            watched,
            kept: vec![vec![Vec::with_capacity(draws); years]; model.figures.len()],
            compared: model.targets.iter().map(|it| vec![Vec::with_capacity(draws); it.readings.len()]).collect(),
            percentiles: vec![vec![0.0; BLOCK]; model.inputs.len()],
            value: vec![0.0; BLOCK],
            tallies,
        }
    }

    /// Keeps where each input stands within its range.
    fn place(&mut self, normals: &[Vec<f64>], rows: usize) {
        for (to, from) in self.percentiles.iter_mut().zip(normals) {
            to[..rows].iter_mut().zip(from).for_each(|(to, z)| *to = quick_cumulative(*z));
        }
    }

    fn year(&mut self, year: usize, columns: &crate::program::Columns<'_>, rows: usize) {
        for (figure, node) in self.watched.figures.iter().enumerate() {
            self.kept[figure][year].extend_from_slice(&columns.of(*node)[..rows]);
        }
        for (target, (it, nodes)) in self.model.targets.iter().zip(&self.watched.targets).enumerate() {
            if self.model.year(it.by) == year {
                for (reading, node) in nodes.iter().enumerate() {
                    self.compared[target][reading].extend_from_slice(&columns.of(*node)[..rows]);
                }
            }
        }
        let by = self.model.targets.first().map(|it| self.model.year(it.by));
        if by == Some(year) {
            for (belief, nodes) in self.watched.beliefs.iter().enumerate() {
                for (reading, node) in nodes.iter().enumerate() {
                    let at_least = self.model.beliefs[belief].readings[reading].at_least;
                    self.tallies.beliefs[belief][reading] += hits(&columns.of(*node)[..rows], at_least);
                }
            }
        }
        if let Some((share, power)) = self.watched.capacity {
            let share = &columns.of(share)[..rows];
            let tally = &mut self.tallies.capacity[year];
            tally[0] += share.iter().sum::<f64>();
            tally[1] += share.iter().filter(|it| **it < 1.0).count() as f64;
            if let Some(power) = power {
                let power = &columns.of(power)[..rows];
                let both = share.iter().zip(power).filter(|(share, power)| **share < 1.0 && **power > 0.0);
                tally[2] += both.count() as f64;
            }
        }
        for (sector, nodes) in self.watched.sectors.iter().enumerate() {
            for (kind, node) in nodes.iter().enumerate() {
                self.tallies.sectors[sector][year][kind] += columns.of(*node)[..rows].iter().sum::<f64>();
            }
        }
        if let Some(figure) = self.model.decision.filter(|_| year + 1 == self.model.years()) {
            self.value[..rows].copy_from_slice(&columns.of(self.watched.figures[figure])[..rows]);
        }
    }

    /// After the last year of a block: who reached the first target, and with which inputs.
    fn end(&mut self, rows: usize) {
        for row in 0..rows {
            let weights = self.weights(rows, row);
            let value = self.value[row];
            self.tallies.decision[0] += value;
            self.tallies.decision[1] += value.max(0.0);
            for (input, percentiles) in self.percentiles.iter().enumerate() {
                let at = ((percentiles[row] * SLICES as f64) as usize).min(SLICES - 1);
                let slice = &mut self.tallies.slices[input][at];
                slice.draws += 1.0;
                slice.value += value;
                slice.hits.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
            }
            for (reached, _) in self.tallies.reached.iter_mut().zip(weights).filter(|(_, weight)| *weight > 0.0) {
                reached.draws += 1.0;
                for (sum, percentiles) in reached.inputs.iter_mut().zip(&self.percentiles) {
                    *sum += percentiles[row];
                }
                for (sum, kept) in reached.figures.iter_mut().flatten().zip(self.kept.iter().flatten()) {
                    *sum += kept[kept.len() - rows + row];
                }
            }
        }
    }

    /// By reading of the first target: 1 where a draw of the last block reaches it, else 0.
    fn weights(&self, rows: usize, row: usize) -> [f64; READINGS] {
        let mut weights = [0.0; READINGS];
        let asked = self.model.targets.iter().zip(&self.compared).next();
        let readings = asked.iter().flat_map(|(target, compared)| target.readings.iter().zip(*compared));
        for (weight, (reading, values)) in weights.iter_mut().zip(readings) {
            *weight = f64::from(u8::from(values[values.len() - rows + row] >= reading.at_least));
        }
        weights
    }

    fn finish(mut self) -> Tallies {
        self.tallies.fans = self
            .kept
            .into_iter()
            .map(|years| years.into_iter().map(|mut values| (super::fan::levels(&mut values), mean(&values))).collect())
            .collect();
        for (target, compared) in self.model.targets.iter().zip(self.compared) {
            let read = target.readings.iter().zip(compared);
            let all = read.map(|(it, mut values)| Compared {
                hits: hits(&values, it.at_least),
                mean: mean(&values),
                levels: super::fan::levels(&mut values),
            });
            self.tallies.targets.push(all.collect());
        }
        self.tallies
    }
}

fn hits(values: &[f64], at_least: f64) -> f64 {
    values.iter().filter(|it| **it >= at_least).count() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The normal distribution function within 1e-7 (Abramowitz and Stegun 26.2.17): only for sorting into slices.
fn quick_cumulative(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series =
        t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = normal::density(z) * series;
    if z > 0.0 { 1.0 - tail } else { tail }
}
