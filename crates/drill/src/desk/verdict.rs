//! What was expected beside what was measured, and what somebody should know.

use rust_decimal::Decimal;

use super::report::{Failure, Finding, InTime, Noticed, Report, TargetLoad, Verdict, VerdictLine};
use super::tally::Tally;
use crate::figure::{Ratio, Share};
use crate::power::Dimmed;
use crate::scenario::{Measure, Scenario};

/// From so much criticality on a stop is a finding of its own.
const CRITICAL_FROM: u64 = 2;

/// Each margin with what was measured.
pub(super) fn measured_lines(scenario: &Scenario, report: &Report, tally: &Tally) -> Vec<VerdictLine> {
    let margin =
        |of: Measure| scenario.hypothesis.iter().find(|line| line.measure == of).map(|it| it.expected.margin());
    lines(scenario, |measure| match measure {
        Measure::QualityLossPercent => report.quality.loss_percent(margin(measure)?),
        _ => measured(measure, report, tally),
    })
}

/// The same, whoever measured.
pub(crate) fn lines(scenario: &Scenario, measured: impl Fn(Measure) -> Option<Decimal>) -> Vec<VerdictLine> {
    let line = |line: &crate::scenario::Line| {
        let measured = measured(line.measure);
        let verdict = match measured {
            None => Verdict::Unknown,
            Some(measured) if line.expected.holds(measured) => Verdict::Held,
            Some(_) => Verdict::NotHeld,
        };
        VerdictLine { measure: line.measure, margin: line.expected.margin(), measured, verdict }
    };
    scenario.hypothesis.iter().map(line).collect()
}

fn measured(measure: Measure, report: &Report, tally: &Tally) -> Option<Decimal> {
    match measure {
        Measure::SurvivalShare => share(report.survival.critical).or_else(|| share(report.survival.requests)),
        Measure::NMinusOneShare => match &report.exposure.worst_cut_after {
            Some(cut) => share(cut.critical).or_else(|| share(cut.requests)),
            // Where no cut takes anything, all is left; of nothing, nobody can tell.
            None => (report.totals.unchanged + report.totals.moved > 0).then_some(Decimal::ONE),
        },
        Measure::StoppedRequests => Some(report.totals.stopped.into()),
        Measure::LeavingRequests => Some(tally.leaving_requests.into()),
        Measure::CostChangePercent => report.cost.change_percent,
        Measure::WaitProbability => all(&report.targets, |target| target.wait_probability)?.into_iter().max(),
        Measure::LatencyMedianMs => {
            let moved: Vec<&TargetLoad> = moved_to(report).collect();
            let medians: Option<Vec<u64>> = moved.iter().map(|target| target.median_ms).collect();
            medians?.into_iter().max().map(Decimal::from)
        }
        // It takes its margin to say it.
        Measure::QualityLossPercent => None,
        // It takes a second answer to say these: a drill in shadow.
        Measure::AgreementShare | Measure::FallbackErrorShare | Measure::SimilarityMean | Measure::LatencyChangeMs => {
            None
        }
    }
}

fn share(ratio: Ratio) -> Option<Decimal> {
    ratio.share().map(|Share(share)| share.round_dp(6).normalize())
}

/// The figure of every target; none where one of them is unknown.
fn all<T>(targets: &[TargetLoad], figure: impl Fn(&TargetLoad) -> Option<T>) -> Option<Vec<T>> {
    targets.iter().map(figure).collect()
}

/// Deployments that answer what others answered before.
fn moved_to(report: &Report) -> impl Iterator<Item = &TargetLoad> {
    report.targets.iter().filter(|target| report.moves.iter().any(|it| it.to == target.deployment))
}

/// All findings, the gravest first.
pub(super) fn findings(report: &Report, dimmed: &[Dimmed]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if report.not_replayed.without_world > 0 {
        findings.push(Finding::WithoutWorld { requests: report.not_replayed.without_world });
    }
    let critical = report.apps.iter().filter(|app| app.criticality >= CRITICAL_FROM && app.counts.stopped > 0);
    findings.extend(critical.map(|app| Finding::CriticalStops {
        app: app.app.clone(),
        stopped: Ratio::of(app.counts.stopped, app.counts.answered),
    }));
    findings.extend(others_stop(report));
    let leaving = report.protected.iter().filter(|it| it.leaving > 0);
    findings.extend(leaving.map(|it| Finding::Leaves { class: it.class, requests: it.leaving }));
    findings.extend(dimmed.iter().map(|it| Finding::Dimmed {
        site: it.site.clone(),
        given_mw: it.given_mw.normalize(),
        drawn_mw: it.drawn_mw.normalize(),
    }));
    findings.extend(report.targets.iter().filter_map(overloaded));
    let unknown = moved_to(report).filter(|target| target.capacity_tokens_per_s.is_none());
    let unknown: Vec<_> = unknown.map(|target| target.deployment.clone()).collect();
    if !unknown.is_empty() {
        findings.push(Finding::CapacityUnknown { deployments: unknown });
    }
    findings.extend(report.failures.iter().filter_map(fails));
    let late = report.notice.iter().flat_map(|notice| &notice.apps).filter(|app| app.in_time == InTime::No);
    let late: Vec<_> = late.map(|it| it.app.clone()).collect();
    if !late.is_empty() {
        findings.push(Finding::NotInTime { apps: late });
    }
    let fared = |verdict: Verdict| report.hypothesis.iter().filter(move |line| line.verdict == verdict);
    findings.extend(fared(Verdict::NotHeld).map(|line| Finding::NotHeld { measure: line.measure }));
    findings.extend(fared(Verdict::Unknown).map(|line| Finding::NotMeasured { measure: line.measure }));
    let counts = report.totals;
    let same_cost = report.cost.unknown_requests == 0 && report.cost.before == report.cost.after;
    if counts.moved + counts.stopped + counts.newly_permitted == 0 && same_cost && dimmed.is_empty() {
        findings.push(Finding::NothingChanges);
    }
    findings
}

/// The less critical ones together: each is somebody's, and none is a finding of its own.
fn others_stop(report: &Report) -> Option<Finding> {
    let others = report.apps.iter().filter(|app| app.criticality < CRITICAL_FROM && app.counts.stopped > 0);
    let mut others: Vec<_> = others.map(|app| (app.counts.stopped, app.app.clone())).collect();
    others.sort_by_key(|(stopped, _)| std::cmp::Reverse(*stopped));
    let requests = others.iter().map(|(stopped, _)| stopped).sum();
    (requests > 0).then(|| Finding::Stops { apps: others.into_iter().map(|(_, app)| app).collect(), requests })
}

/// What is worth knowing of how something fails: that nobody notices, or that it takes too long.
fn fails(failure: &Failure) -> Option<Finding> {
    let deployment = failure.deployment.clone();
    if failure.noticed_by == Noticed::Nothing {
        let requests = failure.apps.iter().map(|app| app.requests).sum();
        return Some(Finding::NotDetected { deployment, requests });
    }
    let wait_ms = failure.wait_ms.filter(|_| failure.within_latency == Some(Verdict::NotHeld))?;
    Some(Finding::FailsSlowly { deployment, shape: failure.failing.shape, wait_ms })
}

fn overloaded(target: &TargetLoad) -> Option<Finding> {
    let capacity = target.capacity_tokens_per_s?;
    (target.tokens_per_s_after > Decimal::from(capacity)).then(|| Finding::Overloaded {
        deployment: target.deployment.clone(),
        tokens_per_s: target.tokens_per_s_after,
        capacity_tokens_per_s: capacity,
    })
}
