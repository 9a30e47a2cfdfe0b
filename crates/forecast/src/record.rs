//! The track record: a forecast frozen with its hash, resolved later, scored.

mod resolve;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use resolve::Resolved;

use crate::contract::Span;
use crate::run::{LEVELS, Outcome};
use crate::score;

/// Fewest resolved readings of a name for which it has a place in an order.
pub const ENOUGH: usize = 20;

/// A forecast as it was when somebody froze it. Its bytes never change: their hash is in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    /// The format, 1.
    pub version: u32,
    /// The model's id.
    pub id: String,
    /// The model's title.
    pub title: String,
    /// The day, as `2026-11-26`.
    pub at: String,
    /// Who froze it.
    pub by: String,
    /// SHA-256 of the model's text.
    pub model_sha256: String,
    /// Draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// What was said of each target.
    pub targets: Vec<FrozenTarget>,
}

/// What was said of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenTarget {
    /// Its id.
    pub id: String,
    /// At least so much, in `unit`.
    pub at_least: f64,
    /// The unit.
    pub unit: String,
    /// By this year.
    pub by: i16,
    /// Each reading.
    pub readings: Vec<FrozenReading>,
}

/// What was said of one reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenReading {
    /// Which.
    pub span: Span,
    /// The probability of reaching it.
    pub probability: f64,
    /// The distribution of what is compared: pairs of level and value.
    pub levels: Vec<(f64, f64)>,
}

impl Frozen {
    /// Freezes an outcome of a model's text.
    pub fn of(outcome: &Outcome, model: &str, at: Date, by: &str) -> Self {
        let reading = |it: &crate::run::ReadingOutcome| FrozenReading {
            span: it.span,
            probability: kept(it.probability.value),
            levels: LEVELS.into_iter().zip(it.levels.iter().copied().map(kept)).collect(),
        };
        let target = |it: &crate::run::TargetOutcome| FrozenTarget {
            id: it.id.clone(),
            at_least: it.at_least,
            unit: it.unit.clone(),
            by: it.by,
            readings: it.readings.iter().map(reading).collect(),
        };
        Self {
            version: 1,
            id: outcome.id.clone(),
            title: outcome.title.en.clone(),
            at: at.to_string(),
            by: by.to_owned(),
            model_sha256: sha256(model.as_bytes()),
            draws: outcome.draws,
            seed: outcome.seed,
            targets: outcome.targets.iter().map(target).collect(),
        }
    }

    /// Reads one back; `None` for what is none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|it: &Self| it.version == 1)
    }

    /// The bytes that are kept and hashed.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts, finite numbers and lists: nothing that JSON cannot hold.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

/// Twelve digits: what every reader of JSON reads back alike.
fn kept(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// The hash of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// How one reading fared. Less is better.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// The forecast.
    pub forecast: String,
    /// Who froze it, and when.
    pub by: String,
    /// The day it was frozen.
    pub at: String,
    /// The target.
    pub target: String,
    /// The reading.
    pub reading: Span,
    /// What was said.
    pub probability: f64,
    /// What happened.
    pub value: f64,
    /// Whether the target was reached.
    pub happened: bool,
    /// Brier's score.
    pub brier: f64,
    /// The logarithmic score, in nats.
    pub log: f64,
    /// The continuous ranked probability score, in the target's unit, by the levels that were kept.
    pub crps: f64,
    /// The pinball score of the 90 % level.
    pub pinball_90: f64,
    /// The score of the 90 % interval.
    pub interval_90: f64,
}

/// A name and how it fared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// A person or a model.
    pub name: String,
    /// Readings resolved.
    pub count: usize,
    /// Mean Brier score.
    pub brier: f64,
    /// Its place among those of whom [`ENOUGH`] readings are resolved; none where there are fewer.
    pub rank: Option<usize>,
}

/// How often what was called so likely happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// From this probability.
    pub from: f64,
    /// To this.
    pub to: f64,
    /// Readings.
    pub count: usize,
    /// What was said on average.
    pub said: f64,
    /// How often it happened.
    pub happened: f64,
}

/// A track record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// Each resolved reading.
    pub scored: Vec<Scored>,
    /// Mean Brier score and its parts; none where nothing is resolved.
    pub brier: Option<(f64, score::Murphy)>,
    /// By tenths of probability.
    pub calibration: Vec<Calibration>,
    /// How far from even odds people went: the mean of p (1 − p), 0 where everything was called certain.
    pub sharpness: f64,
    /// By person: those of whom [`ENOUGH`] are resolved, in order, then the others by name.
    pub people: Vec<Standing>,
    /// By model, the same.
    pub models: Vec<Standing>,
    /// Resolutions to which no frozen forecast belongs.
    pub unmatched: usize,
}

/// Scores frozen forecasts by what happened.
pub fn scores(frozen: &[Frozen], resolved: &[Resolved]) -> Scores {
    let (mut scored, mut unmatched) = (Vec::new(), 0);
    for it in resolved {
        let before = scored.len();
        // What was said afterwards is no forecast, and said twice on a day it is still said once.
        let mut said = BTreeSet::new();
        let date = it.date.to_string();
        let in_time = frozen.iter().filter(|frozen| frozen.at <= date);
        let found = in_time.filter_map(|frozen| one(frozen, it));
        scored.extend(found.filter(|it| said.insert((it.by.clone(), it.at.clone()))));
        unmatched += usize::from(scored.len() == before);
    }
    let pairs: Vec<(f64, bool)> = scored.iter().map(|it: &Scored| (it.probability, it.happened)).collect();
    let brier = (!pairs.is_empty()).then(|| (score::brier(&pairs), score::murphy(&pairs)));
    Scores {
        brier,
        calibration: calibration(&pairs),
        people: standings(&scored, |it| &it.by),
        models: standings(&scored, |it| &it.forecast),
        sharpness: pairs.iter().map(|(p, _)| p * (1.0 - p)).sum::<f64>() / pairs.len().max(1) as f64,
        scored,
        unmatched,
    }
}

fn one(frozen: &Frozen, it: &Resolved) -> Option<Scored> {
    let target = frozen.targets.iter().find(|target| frozen.id == it.forecast && target.id == it.target)?;
    let reading = target.readings.iter().find(|reading| reading.span == it.reading)?;
    let at = |level: f64| reading.levels.iter().find(|(it, _)| *it == level).map(|(_, value)| *value);
    let happened = it.value >= target.at_least;
    let pair = [(reading.probability, happened)];
    Some(Scored {
        forecast: frozen.id.clone(),
        by: frozen.by.clone(),
        at: frozen.at.clone(),
        target: target.id.clone(),
        reading: it.reading,
        probability: reading.probability,
        value: it.value,
        happened,
        brier: score::brier(&pair),
        log: score::log(&pair),
        crps: crps(&reading.levels, it.value),
        pinball_90: score::pinball(0.9, at(0.9)?, it.value),
        interval_90: score::interval(0.1, at(0.05)?, at(0.95)?, it.value),
    })
}

/// Twice the mean pinball score over all levels, each for the part of the range nearest to it.
fn crps(levels: &[(f64, f64)], value: f64) -> f64 {
    let edge = |at: usize| match at {
        0 => 0.0,
        at if at == levels.len() => 1.0,
        at => f64::midpoint(levels[at - 1].0, levels[at].0),
    };
    let part = |(at, (level, quantile)): (usize, &(f64, f64))| {
        2.0 * (edge(at + 1) - edge(at)) * score::pinball(*level, *quantile, value)
    };
    levels.iter().enumerate().map(part).sum()
}

fn calibration(pairs: &[(f64, bool)]) -> Vec<Calibration> {
    let tenth = |p: f64| ((p * 10.0) as usize).min(9);
    let all = (0..10).filter_map(|at| {
        let group: Vec<_> = pairs.iter().filter(|(p, _)| tenth(*p) == at).collect();
        let count = group.len();
        let mean = |sum: f64| sum / count as f64;
        (count > 0).then(|| Calibration {
            from: at as f64 / 10.0,
            to: (at + 1) as f64 / 10.0,
            count,
            said: mean(group.iter().map(|(p, _)| p).sum()),
            happened: mean(group.iter().filter(|(_, hit)| *hit).count() as f64),
        })
    });
    all.collect()
}

fn standings(scored: &[Scored], name: fn(&Scored) -> &String) -> Vec<Standing> {
    let mut names: Vec<&String> = scored.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    let standing = |of: &&String| {
        let mine: Vec<f64> = scored.iter().filter(|it| name(it) == *of).map(|it| it.brier).collect();
        let brier = mine.iter().sum::<f64>() / mine.len() as f64;
        Standing { name: (*of).clone(), count: mine.len(), brier, rank: None }
    };
    let mut all: Vec<Standing> = names.iter().map(standing).collect();
    let is_ranked = |it: &Standing| it.count >= ENOUGH;
    let by_score = |it: &Standing| if is_ranked(it) { it.brier } else { f64::INFINITY };
    all.sort_by(|a, b| {
        let ranked = is_ranked(b).cmp(&is_ranked(a));
        ranked.then(by_score(a).total_cmp(&by_score(b))).then_with(|| a.name.cmp(&b.name))
    });
    let ranked = all.iter().take_while(|it| is_ranked(it)).count();
    all.iter_mut().take(ranked).enumerate().for_each(|(at, it)| it.rank = Some(at + 1));
    all
}

#[cfg(test)]
mod tests;
