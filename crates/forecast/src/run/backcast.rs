//! Back from the target: how the draws that reach it differ from all of them.

use super::estimate;
use super::outcome::{Backcast, BackcastInput};
use super::replicate::Tallies;
use crate::model::Model;

/// What the draws that reach the first target have in common; `None` where too few do.
pub(super) fn of(model: &Model, tallies: &[Tallies]) -> Option<Backcast> {
    let reached: f64 = tallies.iter().map(|it| it.reached).sum();
    if model.targets.is_empty() || reached < 100.0 {
        return None;
    }
    let some: Vec<&Tallies> = tallies.iter().filter(|it| it.reached > 0.0).collect();
    let figure = model.targets[0].figure;
    let scale = model.figures[figure].scale;
    let path = (0..model.years())
        .map(|year| {
            let among = some.iter().map(|it| it.reached_figures[figure][year] / it.reached / scale);
            let all = tallies.iter().map(|it| it.fans[figure][year].1 / scale);
            (model.calendar(year), estimate(among), estimate(all))
        })
        .collect();
    let mut inputs: Vec<BackcastInput> = model
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| !input.distribution.is_constant())
        .map(|(at, input)| BackcastInput {
            input: input.id.clone(),
            mean_percentile: estimate(some.iter().map(|it| it.reached_inputs[at] / it.reached)),
        })
        .collect();
    let shift = |it: &BackcastInput| (it.mean_percentile.value - 0.5).abs();
    inputs.sort_by(|a, b| shift(b).total_cmp(&shift(a)).then(a.input.cmp(&b.input)));
    Some(Backcast { path, inputs })
}
