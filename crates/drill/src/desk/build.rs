//! From counts to a report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::{DataClass, DeploymentId, SectorId, SnapshotId, World};
use rust_decimal::Decimal;
use serde_json::json;

use super::asks;
use super::changed::Changed;
use super::finding::Finding;
use super::notice;
use super::quality::quality;
use super::report::{
    AppResult, Cost, Counts, Energy, ExposureChange, Failure, InClear, LevelChange, Move, NotReplayed, Opened,
    Protected, Report, SectorResult, Stopped, Survival, TargetLoad, TokenSum,
};
use super::taken::taken;
use super::tally::{AppTally, Tally};
use super::verdict;
use super::work::Workload;
use crate::eval::Evaluations;
use crate::exposure::report::Summary;
use crate::exposure::summary;
use crate::exposure::tally::Tally as Flows;
use crate::figure::{Ratio, money};
use crate::power::Dimmed;
use crate::records::Unread;
use crate::scenario::{Base, Measure, Scenario};
use crate::task::{Asked, Assign, Before, Found, Since};

/// Everything that was counted.
pub(super) struct Done<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) worlds: &'a BTreeMap<SnapshotId, Arc<Compiled>>,
    pub(super) changed: &'a BTreeMap<SnapshotId, Arc<Changed>>,
    /// Their ids, the one that decided last before the others.
    pub(super) youngest_first: &'a [SnapshotId],
    pub(super) before: &'a Flows,
    pub(super) after: &'a Flows,
    pub(super) tally: &'a Tally,
    pub(super) evaluations: &'a Evaluations,
    pub(super) unread: Unread,
    /// The day on which it is run, where it was said.
    pub(super) today: Option<Date>,
    /// The drill before, where it is compared with one.
    pub(super) before_this: Option<&'a Before>,
}

impl<'a> Done<'a> {
    /// The worlds as they were, the youngest first.
    pub(super) fn were(&self) -> impl Iterator<Item = &'a World> + Clone + use<'a> {
        let worlds = self.worlds;
        self.youngest_first.iter().filter_map(move |id| worlds.get(id)).map(|it| it.world())
    }

    /// The same as the scenario changes them.
    pub(super) fn changed(&self) -> impl Iterator<Item = &'a Changed> + Clone + use<'a> {
        let changed = self.changed;
        self.youngest_first.iter().filter_map(move |id| changed.get(id)).map(|it| &**it)
    }
}

/// What the way of a request over other people's services is, which no replay of records reaches.
pub(crate) const NOT_TESTED: [&str; 10] =
    ["dns", "identity", "certificates", "hubs", "registries", "time", "updates", "telemetry", "payment", "support"];

pub(super) fn report(done: &Done<'_>) -> Report {
    let tally = done.tally;
    let currency = done.were().next().map(|world| world.head.currency.clone());
    let apps = apps(tally, currency.as_ref());
    let mut totals = Counts::default();
    apps.iter().for_each(|app| totals.add(app.counts));
    let mut report = Report {
        mode: "desk",
        title: done.scenario.title.clone(),
        question: done.scenario.question("desk", json!(null)),
        seed: done.scenario.seed,
        cut: taken(done.scenario),
        findings: Vec::new(),
        since: None,
        hypothesis: Vec::new(),
        totals,
        survival: survival(&apps),
        sectors: sectors(&apps),
        moves: moves(tally),
        stopped: stopped(tally),
        newly_permitted: opened(tally),
        protected: protected(tally),
        in_clear: InClear { before: tally.in_clear.0, after: tally.in_clear.1 },
        tokens: TokenSum { before: done.before.total().tokens, after: done.after.total().tokens },
        cost: total_cost(tally, currency),
        energy: energy(done),
        targets: targets(done),
        failures: failures(done),
        notice: notice::notice(done),
        work: work(done),
        exposure: exposure(done),
        quality: quality(done),
        not_tested: NOT_TESTED.to_vec(),
        not_replayed: not_replayed(done),
        days: tally.days,
        apps,
    };
    conclude(done, &mut report);
    report
}

/// What the figures come to: how the hypothesis fares, what was found, and what became of what the drill before found.
fn conclude(done: &Done<'_>, report: &mut Report) {
    report.hypothesis = verdict::measured_lines(done.scenario, report, done.tally);
    report.findings = found(done, report);
    report.since = done.before_this.map(|before| {
        let used = report.apps.iter().filter(|app| app.counts.answered > 0);
        let asked = Asked {
            question: &report.question,
            hypothesis: &report.hypothesis,
            used: used.map(|app| app.app.as_str()).collect(),
            on: day(done),
        };
        let since = before.compare(&mut report.findings, &asked);
        Since { as_recorded: done.scenario.base == Base::Recorded, ..since }
    });
}

/// All findings, each with what it asks for.
fn found(done: &Done<'_>, report: &Report) -> Vec<Found<Finding>> {
    // Those answer who are there now, where the realm of now decides.
    let now = done.changed().map(|it| it.compiled.world()).filter(|_| done.scenario.base == Base::Realm);
    let worlds = now.chain(done.were()).collect();
    let assign = Assign { closing: &done.scenario.closing, worlds, on: day(done) };
    let findings = verdict::findings(report, dimmed(done)).into_iter();
    findings.map(|it| assign.found(asks::ask(&it, report, done.tally), it)).collect()
}

/// The day of the drill; where nobody says it, the last of what is replayed.
fn day(done: &Done<'_>) -> Option<Date> {
    done.today.or(done.tally.days.map(|(_, last)| last))
}

fn not_replayed(done: &Done<'_>) -> NotReplayed {
    let Tally { without_world, disagreeing, .. } = *done.tally;
    NotReplayed { without_world, disagreeing, unread: done.unread }
}

fn apps(tally: &Tally, currency: Option<&String>) -> Vec<AppResult> {
    let app = |(app, found): (&realm::AppId, &AppTally)| AppResult {
        app: app.clone(),
        criticality: found.criticality,
        sector: found.sector.clone(),
        counts: Counts {
            answered: found.answered,
            unchanged: found.unchanged,
            moved: found.moved,
            stopped: found.stopped,
            newly_permitted: found.newly_permitted,
            still_denied: found.still_denied,
            refused: found.refused,
            failed: found.failed,
        },
        cost: cost(found.cost_before_nano, found.cost_after_nano, found.cost_unknown, currency.cloned()),
    };
    tally.apps.iter().map(app).collect()
}

fn total_cost(tally: &Tally, currency: Option<String>) -> Cost {
    let before = tally.apps.values().map(|app| app.cost_before_nano).sum();
    let after = tally.apps.values().map(|app| app.cost_after_nano).sum();
    cost(before, after, tally.apps.values().map(|app| app.cost_unknown).sum(), currency)
}

fn cost(before_nano: i128, after_nano: Decimal, unknown_requests: u64, currency: Option<String>) -> Cost {
    let before = money(before_nano);
    let after = (after_nano / Decimal::from(1_000_000_000)).normalize();
    let is_known = unknown_requests == 0 && !before.is_zero();
    let change = is_known.then(|| ((after - before) / before * Decimal::ONE_HUNDRED).round_dp(2).normalize());
    Cost { currency, before, after, unknown_requests, change_percent: change }
}

fn survival(apps: &[AppResult]) -> Survival {
    let (mut requests, mut critical) = (Ratio::default(), Ratio::default());
    for app in apps {
        let left = app.counts.unchanged + app.counts.moved;
        requests = Ratio::of(requests.part + left, requests.whole + app.counts.answered);
        let (part, whole) = (left * app.criticality, app.counts.answered * app.criticality);
        critical = Ratio::of(critical.part + part, critical.whole + whole);
    }
    Survival { requests, critical }
}

fn sectors(apps: &[AppResult]) -> Vec<SectorResult> {
    let mut sums: BTreeMap<Option<SectorId>, Counts> = BTreeMap::new();
    for app in apps {
        sums.entry(app.sector.clone()).or_default().add(app.counts);
    }
    sums.into_iter().map(|(sector, counts)| SectorResult { sector, counts }).collect()
}

fn moves(tally: &Tally) -> Vec<Move> {
    let one = |((app, from, to), requests): (&(realm::AppId, DeploymentId, DeploymentId), &u64)| Move {
        app: app.clone(),
        from: from.clone(),
        to: to.clone(),
        requests: *requests,
    };
    tally.moves.iter().map(one).collect()
}

fn stopped(tally: &Tally) -> Vec<Stopped> {
    let stops = tally.stops.iter();
    stops.map(|((app, reason), n)| Stopped { app: app.clone(), reason: reason.clone(), requests: *n }).collect()
}

fn opened(tally: &Tally) -> Vec<Opened> {
    tally.opened.iter().map(|((app, to), n)| Opened { app: app.clone(), to: to.clone(), requests: *n }).collect()
}

fn protected(tally: &Tally) -> Vec<Protected> {
    let classes: BTreeSet<DataClass> = tally.kept.keys().chain(tally.leaving.keys()).copied().collect();
    let count = |of: &BTreeMap<DataClass, u64>, class: &DataClass| of.get(class).copied().unwrap_or_default();
    let one = |class: DataClass| Protected {
        class,
        kept: count(&tally.kept, &class),
        leaving: count(&tally.leaving, &class),
    };
    classes.into_iter().map(one).collect()
}

fn energy(done: &Done<'_>) -> Energy {
    let (before_j, unknown_tokens_before) = joules(done.before, |id| Some(done.worlds.get(&id)?.world()));
    let (after_j, unknown_tokens_after) = joules(done.after, |id| Some(done.changed.get(&id)?.compiled.world()));
    let is_known = unknown_tokens_before == 0 && unknown_tokens_after == 0;
    let change_j = is_known.then_some(after_j - before_j);
    Energy { before_j, unknown_tokens_before, after_j, unknown_tokens_after, change_j }
}

/// Joules of the tokens whose deployment declares them, and how many tokens of others there are.
fn joules<'w>(flows: &Flows, world: impl Fn(SnapshotId) -> Option<&'w realm::World>) -> (f64, u64) {
    let (mut sum_j, mut unknown) = (0.0, 0u64);
    for ((snapshot, deployment), used) in &flows.uses {
        let declared = world(*snapshot).and_then(|it| it.deployments.get(deployment)).and_then(|it| it.energy);
        match declared {
            Some(energy) => sum_j += used.tokens as f64 * energy.j_per_token,
            None => unknown = unknown.saturating_add(used.tokens),
        }
    }
    (sum_j, unknown)
}

fn targets(done: &Done<'_>) -> Vec<TargetLoad> {
    let worlds: Vec<_> = done.changed().map(|it| it.compiled.world()).collect();
    let declared = |id: &DeploymentId| {
        let supply = worlds.iter().find_map(|world| world.supply_of(id));
        supply.map(|supply| (supply.deployment, supply.provider))
    };
    done.tally.loads.targets().iter().map(|id| done.tally.loads.target(id, declared(id))).collect()
}

/// By what the youngest world that has a deployment declares, before the scenario changes it.
fn failures(done: &Done<'_>) -> Vec<Failure> {
    let worlds: Vec<_> = done.were().collect();
    let declared =
        |id: &DeploymentId| worlds.iter().find_map(|world| world.supply_of(id)).map(|supply| supply.provider);
    let expected = done.scenario.hypothesis.iter().find(|line| line.measure == Measure::LatencyMedianMs);
    done.tally.failures.finish(declared, expected.map(|line| line.expected.margin()))
}

/// As the youngest world says it.
fn dimmed<'d>(done: &Done<'d>) -> &'d [Dimmed] {
    done.changed().next().map_or(&[], |changed| &changed.dimmed)
}

/// The youngest world that has a deployment says what it is.
fn work(done: &Done<'_>) -> Workload {
    let before: Vec<_> = done.were().collect();
    let after: Vec<_> = done.changed().map(|it| it.compiled.world()).collect();
    done.tally.works.finish(&before, &after)
}

fn exposure(done: &Done<'_>) -> ExposureChange {
    let changed = done.changed.iter().map(|(id, changed)| (*id, Arc::clone(&changed.compiled))).collect();
    let (before, after): (Summary, Summary) = (summary(done.before, done.worlds), summary(done.after, &changed));
    let levels = before.levels.iter().zip(&after.levels).filter(|(level, _)| level.is_declared());
    let change = levels.map(|(before, after)| LevelChange {
        level: before.level,
        hhi_before: before.hhi_requests,
        hhi_after: after.hhi_requests,
    });
    ExposureChange { levels: change.collect(), worst_cut_before: before.worst_cut, worst_cut_after: after.worst_cut }
}
