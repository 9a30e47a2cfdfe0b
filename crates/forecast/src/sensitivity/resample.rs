//! From sums to indices, and how sure they are: groups of points are drawn again with replacement.

use super::{Estimate, Index, Indices, Sums};
use crate::draw::Stream;

/// How often groups are drawn again.
const RESAMPLES: usize = 400;

/// Indices, variance, and the mean less what was taken off every result.
pub(super) fn indices(groups: &[Sums], points: usize, stream: Stream) -> Indices {
    let once = vec![1.0; groups.len()];
    let (values, variance) = of_weights(groups, &once, points);
    let mean = mean(groups, &once, points);
    let drawn: Vec<Vec<[f64; 2]>> = (0..RESAMPLES)
        .map(|resample| of_weights(groups, &weights(groups.len(), stream.at(resample as u64)), points).0)
        .collect();
    let interval = |factor: usize, kind: usize| {
        let mut all: Vec<f64> = drawn.iter().map(|values| values[factor][kind]).collect();
        all.sort_unstable_by(f64::total_cmp);
        let value = values[factor][kind];
        let (low, high) = (all[RESAMPLES / 20], all[RESAMPLES - 1 - RESAMPLES / 20]);
        Estimate { value, low: low.min(value), high: high.max(value) }
    };
    let index = |factor| Index { first: interval(factor, 0), total: interval(factor, 1) };
    Indices { factors: (0..values.len()).map(index).collect(), mean, variance }
}

/// How often each group was drawn.
fn weights(groups: usize, stream: Stream) -> Vec<f64> {
    let mut weights = vec![0.0; groups];
    for draw in 0..groups as u64 {
        weights[stream.below(draw, groups as u64) as usize] += 1.0;
    }
    weights
}

fn mean(groups: &[Sums], weights: &[f64], points: usize) -> f64 {
    let n = weights.iter().sum::<f64>() * points as f64;
    groups.iter().zip(weights).map(|(it, weight)| weight * (it.a + it.b)).sum::<f64>() / (2.0 * n)
}

/// First and total index of every factor, and the variance.
fn of_weights(groups: &[Sums], weights: &[f64], points: usize) -> (Vec<[f64; 2]>, f64) {
    let n = weights.iter().sum::<f64>() * points as f64;
    let squares = groups.iter().zip(weights).map(|(it, weight)| weight * (it.a_squared + it.b_squared)).sum::<f64>();
    let variance = squares / (2.0 * n) - mean(groups, weights, points).powi(2);
    let mut factors = vec![[0.0; 2]; groups[0].factors.len()];
    // A result that never varies has nothing to share out.
    if variance > 0.0 {
        for (it, weight) in groups.iter().zip(weights) {
            for (to, from) in factors.iter_mut().zip(&it.factors) {
                to[0] += weight * from[0] / (n * variance);
                to[1] += weight * from[1] / (2.0 * n * variance);
            }
        }
    }
    (factors, variance.max(0.0))
}
