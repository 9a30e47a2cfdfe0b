//! How much worse or better the answers elsewhere would be: told from evaluations of real models, or not at all.

use std::collections::BTreeMap;

use realm::DeploymentId;
use rust_decimal::Decimal;
use serde::Serialize;

use super::build::Done;
use crate::eval::{At, Gap};
use crate::figure::{as_text, as_text_if, index};
use crate::say::{Page, list, say};

/// How the quality of answers would change for requests that move.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quality {
    /// How that is known.
    pub known: QualityKnown,
    /// Between which deployments it is known.
    pub gaps: Vec<QualityGap>,
    /// Requests that move between deployments of which nobody knows it.
    pub unknown_requests: u64,
}

/// How a change of quality is known, of all requests that move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityKnown {
    /// Not of all of them.
    #[default]
    Unknown,
    /// Nothing moves, so nothing changes.
    NothingMoves,
    /// Both models answered the same questions here.
    Evaluated,
    /// Of some, others published both.
    Published,
}

/// How much better one deployment's answers are than another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityGap {
    /// Requests were answered here.
    pub from: DeploymentId,
    /// They would be answered here.
    pub to: DeploymentId,
    /// How many.
    pub requests: u64,
    /// On which suite it is known.
    pub suite: String,
    /// `evaluated` or `published`.
    pub known: &'static str,
    /// Questions that both answered; none: published.
    pub n: Option<u64>,
    /// The second's share of right answers less the first's, in hundredths.
    #[serde(serialize_with = "as_text")]
    pub difference_percent: Decimal,
    /// The lower end of its 95 % interval; none: unknown.
    #[serde(serialize_with = "as_text_if")]
    pub low_percent: Option<Decimal>,
    /// The upper end.
    #[serde(serialize_with = "as_text_if")]
    pub high_percent: Option<Decimal>,
    /// Who published the two, and when.
    pub sources: Vec<String>,
}

pub(super) fn quality(done: &Done<'_>) -> Quality {
    let mut moves: BTreeMap<(&DeploymentId, &DeploymentId), u64> = BTreeMap::new();
    for ((_, from, to), requests) in &done.tally.moves {
        *moves.entry((from, to)).or_default() += requests;
    }
    let mut quality = Quality::default();
    for ((from, to), requests) in &moves {
        match gap(done, from, to) {
            Some(gap) => quality.gaps.push(QualityGap::of((from, to), *requests, &gap)),
            None => quality.unknown_requests += requests,
        }
    }
    quality.known = match quality.unknown_requests {
        0 if moves.is_empty() => QualityKnown::NothingMoves,
        0 if quality.gaps.iter().all(|gap| gap.n.is_some()) => QualityKnown::Evaluated,
        0 => QualityKnown::Published,
        _ => QualityKnown::Unknown,
    };
    quality
}

fn gap(done: &Done<'_>, from: &DeploymentId, to: &DeploymentId) -> Option<Gap> {
    let first = done.were().find_map(|world| world.deployments.get(from))?;
    let after = done.changed().find_map(|changed| changed.compiled.world().deployments.get(to));
    let second = after.or_else(|| done.were().find_map(|world| world.deployments.get(to)))?;
    let place = |it| -> At<'_> {
        let it: &realm::world::Deployment = it;
        At { deployment: &it.id, model: &it.model }
    };
    done.evaluations.gap(place(first), place(second))
}

impl QualityGap {
    fn of((from, to): (&DeploymentId, &DeploymentId), requests: u64, gap: &Gap) -> Self {
        let hundredths = |share: f64| index(share * 100.0).round_dp(2).normalize();
        let (from, to) = (from.clone(), to.clone());
        match gap {
            Gap::Paired { suite, paired } => {
                let interval = paired.interval();
                Self {
                    from,
                    to,
                    requests,
                    suite: suite.clone(),
                    known: "evaluated",
                    n: Some(paired.n()),
                    difference_percent: hundredths(paired.difference().unwrap_or_default()),
                    low_percent: Some(hundredths(interval.low)),
                    high_percent: Some(hundredths(interval.high)),
                    sources: Vec::new(),
                }
            }
            Gap::Published { suite, told } => Self {
                from,
                to,
                requests,
                suite: suite.clone(),
                known: "published",
                n: None,
                difference_percent: hundredths(told.1.score - told.0.score),
                low_percent: None,
                high_percent: None,
                sources: [&told.0, &told.1].map(|it| format!("{}, {}", it.date, it.source)).into(),
            },
        }
    }
}

impl Quality {
    /// The loss to hold against a margin, in hundredths: the most that any move may lose, where that is within the
    /// margin; the least that some move surely loses, where that is beyond it; else nobody can tell.
    pub(super) fn loss_percent(&self, margin: Decimal) -> Option<Decimal> {
        let most: Option<Vec<Decimal>> = self.gaps.iter().map(|gap| gap.low_percent.map(|low| -low)).collect();
        let all = most.filter(|_| self.unknown_requests == 0);
        let most = all.map(|all| all.into_iter().max().unwrap_or_default().max(Decimal::ZERO));
        if let Some(most) = most.filter(|most| *most <= margin) {
            return Some(most);
        }
        let least = self.gaps.iter().filter_map(|gap| gap.high_percent.map(|high| -high)).max();
        least.filter(|least| *least > margin)
    }

    /// The difference of all that moves, weighted by requests; none where it is not known of all.
    pub(crate) fn difference_percent(&self) -> Option<Decimal> {
        let requests: u64 = self.gaps.iter().map(|gap| gap.requests).sum();
        let is_known = self.unknown_requests == 0 && requests > 0;
        let sum: Decimal = self.gaps.iter().map(|gap| gap.difference_percent * Decimal::from(gap.requests)).sum();
        is_known.then(|| (sum / Decimal::from(requests)).round_dp(2).normalize())
    }

    pub(super) fn say(&self, page: &mut Page) {
        page.head("drill-quality-head");
        for gap in &self.gaps {
            let figure = |it: Option<Decimal>| it.map_or_else(|| say(page.lang, "unknown", &[]), |it| it.to_string());
            let args = [
                ("from", gap.from.to_string()),
                ("to", gap.to.to_string()),
                ("requests", gap.requests.to_string()),
                ("suite", gap.suite.clone()),
                ("difference", gap.difference_percent.to_string()),
                ("low", figure(gap.low_percent)),
                ("high", figure(gap.high_percent)),
                ("n", gap.n.unwrap_or_default().to_string()),
                ("sources", list(&gap.sources)),
            ];
            page.item(if gap.n.is_some() { "drill-quality-gap" } else { "drill-quality-published" }, &args);
        }
        match self.known {
            QualityKnown::NothingMoves => page.item("drill-quality-nothing", &[]),
            QualityKnown::Unknown => {
                page.item("drill-quality-unknown", &[("requests", self.unknown_requests.to_string())]);
            }
            QualityKnown::Evaluated | QualityKnown::Published => {}
        }
    }
}
