//! One input at a time from its low to its high end, the others at their middle.

use serde::Serialize;

use super::drawing::Drawing;
use super::sensitive::{Question, evaluate};
use crate::model::Model;
use crate::program::Stop;

/// Ends of the bars: the 5 % and 95 % points.
const Z: f64 = 1.644_853_626_951_472_7;

/// A bar of the tornado, in units of the figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// The input.
    pub input: String,
    /// Its 5 % point, in its unit.
    pub input_low: f64,
    /// Its 95 % point.
    pub input_high: f64,
    /// What the figure is with it low.
    pub low: f64,
    /// What the figure is with it high.
    pub high: f64,
}

/// Bars, the longest first, and the figure with every input at its middle.
pub(super) fn bars(model: &Model, drawing: &Drawing, question: &Question) -> Result<(Vec<Bar>, f64), Stop> {
    let moved: Vec<usize> = (0..model.inputs.len()).filter(|at| question.depends_on(*at)).collect();
    let mut points = vec![vec![0.0; model.inputs.len()]];
    for input in &moved {
        for z in [-Z, Z] {
            let mut point = vec![0.0; model.inputs.len()];
            point[*input] = z;
            points.push(point);
        }
    }
    let values = evaluate(model, drawing, question, &points)?;
    let mut bars: Vec<Bar> = moved
        .iter()
        .enumerate()
        .map(|(at, input)| Bar {
            input: model.inputs[*input].id.clone(),
            input_low: drawing.value(*input, -Z),
            input_high: drawing.value(*input, Z),
            low: values[1 + 2 * at],
            high: values[2 + 2 * at],
        })
        .collect();
    let length = |bar: &Bar| (bar.high - bar.low).abs();
    bars.sort_by(|a, b| length(b).total_cmp(&length(a)).then(a.input.cmp(&b.input)));
    Ok((bars, values[0]))
}
