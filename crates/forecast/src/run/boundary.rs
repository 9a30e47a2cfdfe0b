//! What must be true: where, in the two inputs that matter most, reaching the target becomes more likely than not.

use serde::Serialize;

use super::drawing::Drawing;
use super::sensitive::{Question, evaluate};
use crate::model::Model;
use crate::normal;
use crate::program::Stop;

/// Percentiles of the first input at which the second is asked for.
const FIRST: [f64; 7] = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
/// Steps of the second input, from its 0.5 % to its 99.5 % point.
const SECOND: usize = 21;
/// Draws of the other inputs at each step, the same at all.
const DRAWS: usize = 256;

/// The boundary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Boundary {
    /// The input that matters most.
    pub first: String,
    /// The next.
    pub second: String,
    /// Whether the second must be at least so much; else at most.
    pub at_least: bool,
    /// Points along the first.
    pub points: Vec<BoundaryPoint>,
}

/// One point: with the first input so, the second must be so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BoundaryPoint {
    /// Percentile of the first input.
    pub percentile: f64,
    /// Its value.
    pub first: f64,
    /// What is needed of the second.
    pub second: Needed,
}

/// What is needed of an input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// Anything will do.
    Any,
    /// Nothing within its range suffices.
    Nothing,
    /// This value, with its percentile.
    Value {
        /// In its unit.
        value: f64,
        /// Within its range.
        percentile: f64,
    },
}

/// Finds the boundary of two inputs; the other inputs vary as they do, apart from these two.
pub(super) fn find(
    model: &Model,
    drawing: &Drawing,
    question: &Question,
    at_least: f64,
    inputs: [usize; 2],
) -> Result<Boundary, Stop> {
    let steps: Vec<f64> =
        (0..SECOND).map(|step| normal::quantile(0.005 + 0.99 * step as f64 / (SECOND - 1) as f64)).collect();
    let others = others(model, drawing);
    let mut shares = Vec::new();
    for percentile in FIRST {
        let mut points = Vec::with_capacity(SECOND * DRAWS);
        for step in &steps {
            for other in &others {
                let mut point = other.clone();
                point[inputs[0]] = normal::quantile(percentile);
                point[inputs[1]] = *step;
                points.push(point);
            }
        }
        let values = evaluate(model, drawing, question, &points)?;
        let hits = |values: &[f64]| values.iter().filter(|it| **it >= at_least).count() as f64 / DRAWS as f64;
        shares.push(values.chunks(DRAWS).map(hits).collect::<Vec<f64>>());
    }
    let rises: f64 = shares.iter().map(|row| row[SECOND - 1] - row[0]).sum();
    let point = |(percentile, row): (f64, &Vec<f64>)| BoundaryPoint {
        percentile,
        first: drawing.value(inputs[0], normal::quantile(percentile)),
        second: needed(drawing, inputs[1], &steps, row, rises >= 0.0),
    };
    Ok(Boundary {
        first: model.inputs[inputs[0]].id.clone(),
        second: model.inputs[inputs[1]].id.clone(),
        at_least: rises >= 0.0,
        points: FIRST.into_iter().zip(&shares).map(point).collect(),
    })
}

/// Normals of all inputs, drawn once.
fn others(model: &Model, drawing: &Drawing) -> Vec<Vec<f64>> {
    let repetition = drawing.repetition(0, DRAWS);
    let mut columns = vec![vec![0.0; DRAWS]; model.inputs.len()];
    drawing.normals(&repetition, 0, &mut columns);
    (0..DRAWS).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}

fn needed(drawing: &Drawing, input: usize, steps: &[f64], shares: &[f64], rises: bool) -> Needed {
    let ordered: Vec<(f64, f64)> = if rises {
        steps.iter().copied().zip(shares.iter().copied()).collect()
    } else {
        steps.iter().rev().copied().zip(shares.iter().rev().copied()).collect()
    };
    let Some(at) = ordered.iter().position(|(_, share)| *share >= 0.5) else { return Needed::Nothing };
    if at == 0 {
        return Needed::Any;
    }
    let ((z0, s0), (z1, s1)) = (ordered[at - 1], ordered[at]);
    let z = z0 + (z1 - z0) * (0.5 - s0) / (s1 - s0);
    Needed::Value { value: drawing.value(input, z), percentile: normal::cumulative(z) }
}
