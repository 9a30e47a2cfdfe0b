//! What a run says.

use serde::Serialize;

use super::bounds::{CapacityOutcome, capacity};
use super::replicate::Tallies;
use super::sensitive::Sensitivity;
use super::{Sampling, Settings, backcast, estimate, probability};
use crate::contract::{Contract, Span};
use crate::model::{Adopted, Correlations, Model, Published, Words, published};
use crate::sensitivity::Estimate;

/// Levels of a fan.
pub const LEVELS: [f64; 17] =
    [0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.975, 0.99];

/// Everything a run says, amounts in the units of their figures.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The model's id.
    pub id: String,
    /// The model's title.
    pub title: Words,
    /// Draws, after rounding up to whole repetitions.
    pub draws: usize,
    /// Repetitions, from which error bars come.
    pub repetitions: usize,
    /// Seed.
    pub seed: u64,
    /// How inputs were drawn.
    pub sampling: Sampling,
    /// What is said before anything else: how far published estimates differ.
    pub disagreement: Disagreement,
    /// Targets and how likely they are.
    pub targets: Vec<TargetOutcome>,
    /// The same targets if capacity were no limit, with the same draws; empty where none limits it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unbounded: Vec<TargetOutcome>,
    /// Figures by year.
    pub figures: Vec<FigureOutcome>,
    /// What the capacity allows.
    pub capacity: Option<CapacityOutcome>,
    /// Adoption by sector.
    pub sectors: Vec<SectorOutcome>,
    /// What published estimates would mean for the first target.
    pub beliefs: Vec<BeliefOutcome>,
    /// The mixture of those that have weights, by reading.
    pub weighted: Vec<(Span, Estimate)>,
    /// What matters.
    pub sensitivity: Sensitivity,
    /// Back from the target.
    pub backcast: Option<Backcast>,
    /// Inputs that nobody measured, declared or cites.
    pub assumed: Vec<String>,
    /// Every input with where it comes from.
    pub inputs: Vec<InputOutcome>,
    /// Correlations asked for and used.
    pub correlations: Vec<crate::model::Pair>,
    /// Whether correlations contradicted each other.
    pub correlations_repaired: bool,
}

/// How far published estimates lie apart, each by its own contract.
#[derive(Debug, Clone, Serialize)]
pub struct Disagreement {
    /// The largest divided by the smallest.
    pub times: f64,
    /// The smallest: source and percentage points a year.
    pub least: (Words, f64),
    /// The largest.
    pub most: (Words, f64),
    /// All of them, as published.
    pub published: Vec<Published>,
}

/// A target.
#[derive(Debug, Clone, Serialize)]
pub struct TargetOutcome {
    /// Its id.
    pub id: String,
    /// The figure.
    pub figure: String,
    /// At least so much.
    pub at_least: f64,
    /// The unit.
    pub unit: String,
    /// In or until this year.
    pub by: i16,
    /// Its contract, as whoever set it states it.
    pub contract: Contract,
    /// Who set it.
    pub source: Words,
    /// Each way to read it.
    pub readings: Vec<ReadingOutcome>,
}

/// One way to read a target.
#[derive(Debug, Clone, Serialize)]
pub struct ReadingOutcome {
    /// In the year, or added up until it.
    pub span: Span,
    /// The probability of reaching it.
    pub probability: Estimate,
    /// What is compared, at [`LEVELS`], in the target's unit.
    pub levels: Vec<f64>,
    /// The median with its error bar.
    pub median: Estimate,
    /// The mean, the same.
    pub mean: Estimate,
}

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureOutcome {
    /// Its id.
    pub id: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Words>,
    /// How it is computed.
    pub formula: String,
    /// Its unit.
    pub unit: String,
    /// Its contract.
    pub contract: Contract,
    /// Why it is computed so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Words>,
    /// What a target asks of it in one year, in its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<f64>,
    /// By year.
    pub years: Vec<YearFan>,
}

/// A figure in one year.
#[derive(Debug, Clone, Serialize)]
pub struct YearFan {
    /// The year.
    pub year: i16,
    /// The mean.
    pub mean: Estimate,
    /// The value at each of [`LEVELS`], with its error bar.
    pub levels: Vec<Estimate>,
}

/// A sector's adoption, on average.
#[derive(Debug, Clone, Serialize)]
pub struct SectorOutcome {
    /// Its id.
    pub id: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Words>,
    /// Its curve.
    pub curve: &'static str,
    /// Whether adoption so far is given or assumed.
    pub adopted: Adopted,
    /// What usage records counted, where adoption so far is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<crate::usage::Counted>,
    /// Year, share that would adopt, share that can.
    pub years: Vec<(i16, Estimate, Estimate)>,
}

/// What an estimate would mean for the first target.
#[derive(Debug, Clone, Serialize)]
pub struct BeliefOutcome {
    /// Its id.
    pub id: String,
    /// Its source.
    pub source: Words,
    /// Its weight, where the model gives one.
    pub weight: Option<f64>,
    /// What must be assumed to carry it over.
    pub assumes: Option<Words>,
    /// The probability by reading.
    pub readings: Vec<(Span, Estimate)>,
}

/// Back from the target.
#[derive(Debug, Clone, Serialize)]
pub struct Backcast {
    /// Year, mean of the figure among draws that reach, mean among all.
    pub path: Vec<(i16, Estimate, Estimate)>,
    /// Inputs, the most shifted first.
    pub inputs: Vec<BackcastInput>,
}

/// Where an input stands among draws that reach: 0.5 is as among all.
#[derive(Debug, Clone, Serialize)]
pub struct BackcastInput {
    /// The input.
    pub input: String,
    /// Its mean percentile.
    pub mean_percentile: Estimate,
}

/// An input in short.
#[derive(Debug, Clone, Serialize)]
pub struct InputOutcome {
    /// Its id.
    pub id: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Words>,
    /// Its unit.
    pub unit: String,
    /// 5 %, 50 % and 95 % points.
    pub range: [f64; 3],
    /// Whether it was set in place of what the file says.
    pub is_set: bool,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: crate::model::Provenance,
}

pub(super) fn of(model: &Model, settings: &Settings, tallies: &[Tallies], asked: (Sensitivity, usize)) -> Outcome {
    let (sensitivity, reading) = asked;
    let (repetitions, draws) = settings.replicates();
    let Correlations { pairs, is_repaired, .. } = &model.correlations;
    let beliefs = beliefs(model, tallies);
    Outcome {
        id: model.id.clone(),
        title: model.title.clone(),
        draws: repetitions * draws,
        repetitions,
        seed: settings.seed,
        sampling: settings.sampling,
        disagreement: disagreement(),
        targets: targets(model, tallies),
        unbounded: Vec::new(),
        figures: figures(model, tallies),
        capacity: model.capacity.as_ref().map(|plan| capacity(model, plan, tallies)),
        sectors: sectors(model, tallies),
        weighted: weighted(model, tallies),
        beliefs,
        sensitivity,
        backcast: backcast::of(model, tallies, reading),
        assumed: assumed(model),
        inputs: model.inputs.iter().map(input).collect(),
        correlations: pairs.clone(),
        correlations_repaired: *is_repaired,
    }
}

fn input(it: &crate::model::Input) -> InputOutcome {
    InputOutcome {
        id: it.id.clone(),
        title: it.title.clone(),
        unit: it.unit.clone(),
        range: [0.05, 0.5, 0.95].map(|p| it.distribution.quantile(p)),
        is_set: it.is_set,
        provenance: it.provenance.clone(),
    }
}

fn assumed(model: &Model) -> Vec<String> {
    let inputs = model.inputs.iter().filter(|it| it.provenance.basis.is_judged()).map(|it| it.id.clone());
    let capacity = model.capacity.iter().filter(|it| it.provenance.basis.is_judged()).map(|_| "capacity".to_owned());
    inputs.chain(capacity).collect()
}

fn disagreement() -> Disagreement {
    let ends = published().iter().flat_map(|it| it.points_a_year.map(|points| (it.source.clone(), points)));
    let by = |a: &(Words, f64), b: &(Words, f64)| a.1.total_cmp(&b.1);
    let none = || (Words::default(), f64::NAN);
    let (least, most) = (ends.clone().min_by(by).unwrap_or_else(none), ends.max_by(by).unwrap_or_else(none));
    Disagreement { times: most.1 / least.1, least, most, published: published().to_vec() }
}

fn figures(model: &Model, tallies: &[Tallies]) -> Vec<FigureOutcome> {
    let fan = |figure: usize, year: usize| {
        let scale = model.figures[figure].scale;
        let at = |level: usize| estimate(tallies.iter().map(|it| it.fans[figure][year].0[level] / scale));
        YearFan {
            year: model.calendar(year),
            mean: estimate(tallies.iter().map(|it| it.fans[figure][year].1 / scale)),
            levels: (0..LEVELS.len()).map(at).collect(),
        }
    };
    let all = model.figures.iter().enumerate().map(|(at, it)| FigureOutcome {
        id: it.id.clone(),
        title: it.title.clone(),
        formula: it.formula.clone(),
        unit: it.unit.clone(),
        contract: it.contract.clone(),
        why: it.why.clone(),
        asked: asked_of(model, at),
        years: (0..model.years()).map(|year| fan(at, year)).collect(),
    });
    all.collect()
}

/// What the first target of a figure asks of it in one year.
fn asked_of(model: &Model, figure: usize) -> Option<f64> {
    let target = model.targets.iter().find(|it| it.figure == figure)?;
    let reading = target.readings.iter().find(|it| it.span == Span::Annual)?;
    (target.contract.span != Span::Cumulative).then(|| reading.at_least / model.figures[figure].scale)
}

pub(super) fn targets(model: &Model, tallies: &[Tallies]) -> Vec<TargetOutcome> {
    let reading = |target: usize, at: usize| {
        let it = &model.targets[target].readings[at];
        let scale = it.scale;
        let level = |level: usize| estimate(tallies.iter().map(|it| it.targets[target][at].levels[level] / scale));
        ReadingOutcome {
            span: it.span,
            probability: probability(tallies.iter().map(|it| it.targets[target][at].hits / it.draws)),
            levels: (0..LEVELS.len()).map(|it| level(it).value).collect(),
            median: level(LEVELS.len() / 2),
            mean: estimate(tallies.iter().map(|it| it.targets[target][at].mean / scale)),
        }
    };
    let all = model.targets.iter().enumerate().map(|(at, it)| TargetOutcome {
        id: it.id.clone(),
        figure: model.figures[it.figure].id.clone(),
        at_least: it.at_least,
        unit: it.unit.clone(),
        by: it.by,
        contract: it.contract.clone(),
        source: it.source.clone(),
        readings: (0..it.readings.len()).map(|reading_at| reading(at, reading_at)).collect(),
    });
    all.collect()
}

fn beliefs(model: &Model, tallies: &[Tallies]) -> Vec<BeliefOutcome> {
    let chance = |belief: usize, at: usize| probability(tallies.iter().map(|it| it.beliefs[belief][at] / it.draws));
    let all = model.beliefs.iter().enumerate().map(|(at, it)| BeliefOutcome {
        id: it.id.clone(),
        source: it.source.clone(),
        weight: it.weight,
        assumes: it.assumes.clone(),
        readings: it.readings.iter().enumerate().map(|(reading, it)| (it.span, chance(at, reading))).collect(),
    });
    all.collect()
}

fn weighted(model: &Model, tallies: &[Tallies]) -> Vec<(Span, Estimate)> {
    let sum: f64 = model.beliefs.iter().filter_map(|it| it.weight).sum();
    let Some(target) = model.targets.first().filter(|_| sum > 0.0) else { return Vec::new() };
    let mixed = |it: &Tallies, reading: usize| {
        let parts = model.beliefs.iter().zip(&it.beliefs);
        parts.map(|(belief, hits)| belief.weight.unwrap_or(0.0) / sum * hits[reading] / it.draws).sum::<f64>()
    };
    let readings = target.readings.iter().enumerate();
    readings.map(|(at, reading)| (reading.span, probability(tallies.iter().map(|it| mixed(it, at))))).collect()
}

fn sectors(model: &Model, tallies: &[Tallies]) -> Vec<SectorOutcome> {
    let mean = |sector: usize, year: usize, kind: usize| {
        estimate(tallies.iter().map(|it| it.sectors[sector][year][kind] / it.draws))
    };
    let all = model.sectors.iter().enumerate().map(|(at, it)| SectorOutcome {
        id: it.id.clone(),
        title: it.title.clone(),
        curve: it.curve,
        adopted: it.adopted,
        counted: it.counted,
        years: (0..model.years()).map(|year| (model.calendar(year), mean(at, year, 0), mean(at, year, 1))).collect(),
    });
    all.collect()
}
