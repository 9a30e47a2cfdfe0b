//! What a change of the model changes, with the same draws before and after: what did not change contributes exactly
//! nothing.

use std::collections::BTreeMap;

use realm::load::Diagnostic;
use serde::Serialize;

use super::bounds::{Binding, capacity, changes_most};
use super::replicate::{self, Tallies};
use super::{Settings, estimate, probability, stopped};
use crate::contract::Span;
use crate::model::{Model, Reading, Words};
use crate::sensitivity::Estimate;

/// What differs between two models.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The model before.
    pub before: Words,
    /// The model after.
    pub after: Words,
    /// Draws of each.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// The first year of the model after.
    pub first_year: i16,
    /// The target's year.
    pub by: i16,
    /// The target's unit.
    pub unit: String,
    /// What people call inputs of the model after.
    pub titles: BTreeMap<String, Words>,
    /// The first target, in each of its readings.
    pub readings: Vec<ReadingDifference>,
    /// What binds before.
    pub binding_before: Option<Binding>,
    /// What binds after.
    pub binding_after: Option<Binding>,
    /// The year in which what can run changes most, until the target's: what lacks in it before, and after.
    pub changes_most: Option<[Binding; 2]>,
    /// Inputs that are the same in both; each contributes exactly zero.
    pub unchanged: Vec<String>,
}

/// A reading before and after.
#[derive(Debug, Clone, Serialize)]
pub struct ReadingDifference {
    /// Which.
    pub span: Span,
    /// The probability before.
    pub before: Estimate,
    /// The probability after.
    pub after: Estimate,
    /// Their difference, draw by draw.
    pub change: Estimate,
    /// The mean of what is compared, before, in the target's unit.
    pub value_before: Estimate,
    /// The same after.
    pub value_after: Estimate,
    /// Their difference, draw by draw.
    pub value_change: Estimate,
    /// What each change contributes, one after another; they add up to the difference.
    pub steps: Vec<Step>,
}

/// One change and what it contributes.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// An input's id, `correlations`, `capacity` or `structure`.
    pub what: String,
    /// What it contributes to the probability.
    pub change: Estimate,
}

/// Compares two models that have a target in common.
///
/// # Errors
/// Where one of them has no value, or their first targets differ in name or readings.
pub fn diff(before: &Model, after: &Model, settings: &Settings) -> Result<Difference, Vec<Diagnostic>> {
    let readings = |model: &Model| {
        model.targets.first().map(|it| (it.id.clone(), it.readings.iter().map(|it| it.span).collect::<Vec<_>>()))
    };
    if readings(before).is_none() || readings(before) != readings(after) {
        let problem = Diagnostic::error("forecast.targets_differ", &crate::MESSAGES).at(&after.source, 0..0);
        return Err(vec![problem]);
    }
    let (stages, unchanged) = stages(before, after);
    let mut all: Vec<(String, Vec<Tallies>)> = Vec::new();
    for (what, model) in &stages {
        let tallies = replicate::all(model, settings).map_err(|stop| vec![stopped(model, &stop)])?;
        all.push((what.clone(), tallies));
    }
    let (repetitions, draws) = settings.replicates();
    let readings = before.targets[0].readings.iter().enumerate();
    let outcome = |model: &Model, at: usize| Some(capacity(model, model.capacity.as_ref()?, &all[at].1));
    let (bounds_before, bounds_after) = (outcome(before, 0), outcome(after, all.len() - 1));
    let by = after.targets[0].by;
    Ok(Difference {
        before: before.title.clone(),
        after: after.title.clone(),
        draws: repetitions * draws,
        seed: settings.seed,
        first_year: after.first_year,
        by,
        unit: after.targets[0].unit.clone(),
        titles: after.inputs.iter().filter_map(|it| Some((it.id.clone(), it.title.clone()?))).collect(),
        readings: readings.map(|(at, it)| compared(&all, at, it)).collect(),
        changes_most: bounds_before.as_ref().zip(bounds_after.as_ref()).and_then(|(a, b)| changes_most(by, a, b)),
        binding_before: bounds_before.and_then(|it| it.binding),
        binding_after: bounds_after.and_then(|it| it.binding),
        unchanged,
    })
}

fn compared(all: &[(String, Vec<Tallies>)], reading: usize, asked: &Reading) -> ReadingDifference {
    let shares =
        |tallies: &[Tallies]| -> Vec<f64> { tallies.iter().map(|it| it.targets[0][reading].hits / it.draws).collect() };
    let means = |tallies: &[Tallies]| -> Vec<f64> {
        tallies.iter().map(|it| it.targets[0][reading].mean / asked.scale).collect()
    };
    let change = |from: &[Tallies], to: &[Tallies]| {
        estimate(shares(from).into_iter().zip(shares(to)).map(|(from, to)| to - from))
    };
    let (first, last) = (&all[0].1, &all[all.len() - 1].1);
    let step =
        |pair: &[(String, Vec<Tallies>)]| Step { what: pair[1].0.clone(), change: change(&pair[0].1, &pair[1].1) };
    ReadingDifference {
        span: asked.span,
        before: probability(shares(first).into_iter()),
        after: probability(shares(last).into_iter()),
        change: change(first, last),
        value_before: estimate(means(first).into_iter()),
        value_after: estimate(means(last).into_iter()),
        value_change: estimate(means(first).into_iter().zip(means(last)).map(|(from, to)| to - from)),
        steps: all.windows(2).map(step).collect(),
    }
}

/// Models from before to after, one change at a time, and inputs that did not change.
fn stages(before: &Model, after: &Model) -> (Vec<(String, Model)>, Vec<String>) {
    let mut at = before.clone();
    let mut stages = vec![(String::new(), before.clone())];
    let mut unchanged = Vec::new();
    for (number, input) in before.inputs.iter().enumerate() {
        let Some(new) = after.inputs.iter().find(|it| it.id == input.id) else { continue };
        if (&new.distribution, new.scale, &new.kind) == (&input.distribution, input.scale, &input.kind) {
            unchanged.push(input.id.clone());
        } else if new.kind == input.kind {
            at.inputs[number] = new.clone();
            stages.push((input.id.clone(), at.clone()));
        }
    }
    let same_inputs = before.inputs.iter().map(|it| &it.id).eq(after.inputs.iter().map(|it| &it.id));
    if same_inputs && before.correlations != after.correlations {
        at.correlations = after.correlations.clone();
        stages.push(("correlations".to_owned(), at.clone()));
    }
    let names = |model: &Model| model.series.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    if names(before) == names(after) && before.years() == after.years() && before.series != after.series {
        at.series.clone_from(&after.series);
        at.capacity.clone_from(&after.capacity);
        stages.push(("capacity".to_owned(), at.clone()));
    }
    let same = at.program == after.program && same_inputs && asked(&at) == asked(after) && at.series == after.series;
    if !same || stages.len() == 1 {
        stages.push(("structure".to_owned(), after.clone()));
    }
    (stages, unchanged)
}

/// What is asked of a model: year and amounts of its first target.
fn asked(model: &Model) -> Option<(i16, Vec<u64>)> {
    let target = model.targets.first()?;
    Some((target.by, target.readings.iter().map(|it| it.at_least.to_bits()).collect()))
}
