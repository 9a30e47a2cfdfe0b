//! How good forecasts were, once the day has come. Less is better, everywhere.

use std::collections::BTreeMap;

use crate::normal;

/// Brier's score of probabilities against what happened: the mean squared distance.
pub fn brier(pairs: &[(f64, bool)]) -> f64 {
    mean(pairs.iter().map(|(p, hit)| (p - f64::from(u8::from(*hit))).powi(2)))
}

/// The parts of Brier's score after Murphy (1973): reliability − resolution + uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Murphy {
    /// How far what was said lies from what then happened; 0 is well calibrated.
    pub reliability: f64,
    /// How far what happened differs between what was said; more is better.
    pub resolution: f64,
    /// What anybody faced who knew the frequency only.
    pub uncertainty: f64,
}

/// Murphy's parts, over groups of equal probabilities.
pub fn murphy(pairs: &[(f64, bool)]) -> Murphy {
    let all = frequency(pairs.iter().map(|(_, hit)| *hit));
    let mut groups: BTreeMap<u64, Vec<(f64, bool)>> = BTreeMap::new();
    for pair in pairs {
        groups.entry(pair.0.to_bits()).or_default().push(*pair);
    }
    let (mut reliability, mut resolution) = (0.0, 0.0);
    for group in groups.values() {
        let share = group.len() as f64 / pairs.len() as f64;
        let hits = frequency(group.iter().map(|(_, hit)| *hit));
        reliability += share * (group[0].0 - hits).powi(2);
        resolution += share * (hits - all).powi(2);
    }
    Murphy { reliability, resolution, uncertainty: all * (1.0 - all) }
}

/// The logarithmic score in nats: infinite for what was called impossible and happened.
pub fn log(pairs: &[(f64, bool)]) -> f64 {
    mean(pairs.iter().map(|(p, hit)| -(if *hit { *p } else { 1.0 - p }).ln()))
}

/// The continuous ranked probability score of a normal forecast, in the unit of the value.
pub fn crps_normal(mean: f64, sd: f64, value: f64) -> f64 {
    let z = (value - mean) / sd;
    let rest = 2.0 * normal::density(z) - 1.0 / std::f64::consts::PI.sqrt();
    sd * (z * (2.0 * normal::cumulative(z) - 1.0) + rest)
}

/// The same of a forecast by draws.
pub fn crps_ensemble(draws: &[f64], value: f64) -> f64 {
    let n = draws.len() as f64;
    distance(draws, value) - spread(draws) / (2.0 * n * n)
}

/// The same, free of the bias that few draws bring (Ferro 2014).
pub fn crps_ensemble_fair(draws: &[f64], value: f64) -> f64 {
    let n = draws.len() as f64;
    distance(draws, value) - spread(draws) / (2.0 * n * (n - 1.0))
}

/// The score of a quantile: `p` of the distance above it, 1 − `p` of that below.
pub fn pinball(p: f64, quantile: f64, value: f64) -> f64 {
    if value >= quantile { p * (value - quantile) } else { (1.0 - p) * (quantile - value) }
}

/// The score of a central interval that misses with probability `alpha`: its width, and dearly what lies outside.
pub fn interval(alpha: f64, low: f64, high: f64, value: f64) -> f64 {
    (high - low) + 2.0 / alpha * ((low - value).max(0.0) + (value - high).max(0.0))
}

fn mean(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = numbers.len() as f64;
    numbers.sum::<f64>() / count
}

fn frequency(hits: impl Iterator<Item = bool>) -> f64 {
    let (hit, all) = hits.fold((0u32, 0u32), |(hit, all), it| (hit + u32::from(it), all + 1));
    f64::from(hit) / f64::from(all)
}

fn distance(draws: &[f64], value: f64) -> f64 {
    mean(draws.iter().map(|draw| (draw - value).abs()))
}

/// The sum of distances over all ordered pairs, by sorting.
fn spread(draws: &[f64]) -> f64 {
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    2.0 * sorted.iter().enumerate().map(|(i, draw)| (2.0 * i as f64 + 1.0 - n) * draw).sum::<f64>()
}
