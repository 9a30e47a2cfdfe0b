//! From answers to a result that is kept, and from what is kept to what the drill asks.

use std::collections::BTreeMap;

use ::drill::eval::{
    Details, Evaluated, Evaluations, Grade, Interval, Miss, Origin as Known, Reply, Ruling, Suite, Summary, Told,
    judged,
};
use anyhow::{Context, Result};
use realm::{DeploymentId, ModelId, SnapshotId, UnixMs};
use store::evaluation::{Evaluation, Origin};

use super::kept::{Head, Line};
use super::records::Found;
use crate::lang::tell;

/// What is known of a run beside its answers.
pub(super) struct Outcome {
    pub(super) by: String,
    pub(super) at: UnixMs,
    pub(super) model: ModelId,
    pub(super) place: String,
    pub(super) snapshot: SnapshotId,
    pub(super) currency: String,
    pub(super) simulated: bool,
    pub(super) found: Found,
}

/// Grades a run's answers.
pub(super) fn graded(suite: &Suite, lines: &[&Line]) -> Vec<Reply> {
    let of = |line: &&Line| {
        let item = suite.items.iter().find(|item| item.id == line.item)?;
        let miss = match (item.grade(&line.answer), &line.judge) {
            (Grade::Right, _) => None,
            (Grade::Wrong(miss), _) => Some(miss),
            // What a judge says that is neither yes nor no is not a yes.
            (Grade::NeedsJudge, Some(judge)) => (judged(&judge.answer) != Ruling::Meets).then_some(Miss::Judge),
            (Grade::NeedsJudge, None) => Some(Miss::Judge),
        };
        let (item, kind) = (item.id.clone(), item.kind.clone());
        Some(Reply { item, kind, miss, judged: line.judge.is_some(), took_ms: line.ms })
    };
    lines.iter().filter_map(of).collect()
}

/// The result of a run.
pub(super) fn evaluation(
    id: &str,
    suite: &Suite,
    head: &Head,
    replies: &[Reply],
    outcome: &Outcome,
) -> Result<Evaluation> {
    let summary = Summary::of(replies);
    let details = Details {
        kinds: summary.kinds,
        judged: summary.judged,
        used: outcome.found.answers,
        judge_used: head.judge.as_ref().map(|_| outcome.found.judge),
        currency: outcome.currency.clone(),
        median_ms: summary.median_ms,
        p95_ms: summary.p95_ms,
    };
    Ok(Evaluation {
        id: id.to_owned(),
        at: outcome.at,
        by: outcome.by.clone(),
        suite: suite.name.clone(),
        model: outcome.model.clone(),
        origin: Origin::Own {
            sha256: suite.sha256.clone(),
            deployment: DeploymentId::new(&outcome.place)?,
            route: head.route.clone(),
            app: head.app.clone(),
            realm: outcome.snapshot.to_string(),
            simulated: outcome.simulated,
            judge: head.judge.clone(),
        },
        questions: Some(summary.all.n),
        passed: Some(summary.all.passed),
        score_ppm: ppm(summary.all.passed as f64 / summary.all.n.max(1) as f64),
        interval_ppm: Some(outwards(summary.interval)),
        body: serde_json::to_string(&details)?,
        answers: serde_json::to_string(&summary.answers)?,
    })
}

/// An interval in millionths, rounded so that what is kept is never surer than what was counted.
pub(super) fn outwards(interval: Interval) -> (u32, u32) {
    (ppm(interval.low - 5e-7), ppm(interval.high + 5e-7))
}

/// A share in millionths.
pub(super) fn ppm(share: f64) -> u32 {
    // Within 0 and a million, so nothing is lost.
    (share.clamp(0.0, 1.0) * 1e6).round() as u32
}

/// What is kept of real models and what others published, as the drill asks for it.
pub(crate) fn evaluations(all: &[Evaluation]) -> Result<Evaluations> {
    let real = all.iter().filter(|it| it.is_real()).map(|it| {
        let origin = match &it.origin {
            Origin::Own { sha256, deployment, .. } => {
                Known::Own { deployment: deployment.clone(), sha256: sha256.clone(), answers: answers(it)? }
            }
            Origin::Published { date, source } => Known::Published(Told {
                score: f64::from(it.score_ppm) / 1e6,
                date: date.parse().with_context(|| tell("eval-unreadable", &[("id", it.id.clone())]))?,
                source: source.clone(),
            }),
        };
        Ok(Evaluated { model: it.model.clone(), at: it.at, suite: it.suite.clone(), origin })
    });
    Ok(Evaluations::new(real.collect::<Result<_>>()?))
}

/// Right or not, by question.
pub(super) fn answers(it: &Evaluation) -> Result<BTreeMap<String, bool>> {
    serde_json::from_str(&it.answers).with_context(|| tell("eval-unreadable", &[("id", it.id.clone())]))
}

/// What is kept beside the counts.
pub(super) fn details(it: &Evaluation) -> Result<Details> {
    serde_json::from_str(&it.body).with_context(|| tell("eval-unreadable", &[("id", it.id.clone())]))
}
