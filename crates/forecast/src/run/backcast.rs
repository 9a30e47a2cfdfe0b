//! Back from the target: how the draws that reach it differ from all of them.

use super::estimate;
use super::outcome::{Backcast, BackcastInput};
use super::replicate::{Reached, Tallies};
use crate::model::Model;

/// Fewest draws that reach a target for which something is said of them.
const DRAWS_MIN: f64 = 100.0;

/// What the draws that reach the first target in one of its readings have in common; `None` where too few do.
pub(super) fn of(model: &Model, tallies: &[Tallies], reading: usize) -> Option<Backcast> {
    let some: Vec<(&Reached, f64)> =
        tallies.iter().map(|it| &it.reached[reading]).filter(|it| it.draws > 0.0).map(|it| (it, it.draws)).collect();
    let figure = model.targets.first()?.figure;
    if some.iter().map(|(_, draws)| draws).sum::<f64>() < DRAWS_MIN {
        return None;
    }
    let scale = model.figures[figure].scale;
    let path = (0..model.years())
        .map(|year| {
            let among = some.iter().map(|(it, draws)| it.figures[figure][year] / draws / scale);
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
            mean_percentile: estimate(some.iter().map(|(it, draws)| it.inputs[at] / draws)),
        })
        .collect();
    let shift = |it: &BackcastInput| (it.mean_percentile.value - 0.5).abs();
    inputs.sort_by(|a, b| shift(b).total_cmp(&shift(a)).then(a.input.cmp(&b.input)));
    Some(Backcast { path, inputs })
}
