//! What in the figures somebody should know first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy::Compiled;
use realm::{AppId, DeploymentId, OrganisationId, RouteId, SnapshotId};

use super::Undeclared;
use super::outages;
use super::report::{Finding, Summary};
use super::tally::Tally;
use crate::level::{Key, Level};

/// Everything that findings are drawn from.
pub(super) struct Seen<'a> {
    pub(super) tally: &'a Tally,
    pub(super) worlds: &'a BTreeMap<SnapshotId, Arc<Compiled>>,
    pub(super) summary: &'a Summary,
    pub(super) undeclared: &'a BTreeMap<Undeclared, u64>,
    pub(super) other_model: &'a BTreeMap<DeploymentId, u64>,
    pub(super) disagreeing: u64,
}

/// All findings, the gravest first: what nobody declared, then what is not what it seems, then what ends with one cut.
pub(super) fn all(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = undeclared(seen);
    findings.extend(shared_parents(seen));
    findings.extend(foreign_control(seen));
    findings.extend(single_points(seen.summary));
    findings.extend(outages(seen));
    let others = seen.other_model.iter();
    findings.extend(others.map(|(it, requests)| Finding::OtherModel { deployment: it.clone(), requests: *requests }));
    if seen.disagreeing > 0 {
        findings.push(Finding::Disagreeing { requests: seen.disagreeing });
    }
    findings
}

fn undeclared(seen: &Seen<'_>) -> Vec<Finding> {
    let traffic = seen.undeclared.iter().map(|(what, requests)| match what {
        Undeclared::Snapshot(it) => Finding::UndeclaredSnapshot { snapshot: *it, requests: *requests },
        Undeclared::App(it) => Finding::UndeclaredApp { app: it.clone(), requests: *requests },
        Undeclared::Deployment(it) => Finding::UndeclaredDeployment { deployment: it.clone(), requests: *requests },
    });
    let mut findings: Vec<Finding> = traffic.collect();
    let levels = || seen.summary.levels.iter().filter(|level| level.undeclared.part > 0);
    for level in levels().filter(|level| level.is_declared()) {
        findings.push(Finding::UndeclaredKey { level: level.level, requests: level.undeclared });
    }
    let nothing: Vec<Level> = levels().filter(|level| !level.is_declared()).map(|level| level.level).collect();
    if !nothing.is_empty() {
        findings.push(Finding::UndeclaredLevels { levels: nothing });
    }
    findings
}

/// Alternatives of one route whose operators differ and whose last parent is the same.
fn shared_parents(seen: &Seen<'_>) -> Vec<Finding> {
    type Found = (BTreeSet<OrganisationId>, BTreeSet<AppId>, u64);
    let mut all: BTreeMap<OrganisationId, Found> = BTreeMap::new();
    for profile in seen.tally.profiles() {
        let Some(world) = seen.worlds.get(&profile.snapshot).map(|it| it.world()) else { continue };
        let mut by_parent: BTreeMap<&OrganisationId, BTreeSet<&OrganisationId>> = BTreeMap::new();
        for supply in profile.open.iter().filter_map(|it| world.supply_of(it)) {
            by_parent.entry(&supply.operator.ultimate_parent).or_default().insert(&supply.operator.id);
        }
        for (parent, operators) in by_parent.into_iter().filter(|(_, operators)| operators.len() > 1) {
            let found = all.entry(parent.clone()).or_default();
            found.0.extend(operators.into_iter().cloned());
            found.1.insert(profile.app.clone());
            found.2 += profile.requests;
        }
    }
    let finding = |(parent, (operators, apps, requests)): (_, Found)| Finding::SharedParent {
        parent,
        operators: operators.into_iter().collect(),
        apps: apps.into_iter().collect(),
        requests,
    };
    all.into_iter().map(finding).collect()
}

/// Deployments at home, used or to be used, whose operator answers to somebody elsewhere too.
fn foreign_control(seen: &Seen<'_>) -> Vec<Finding> {
    let mut all: BTreeMap<DeploymentId, (SnapshotId, u64, u64)> = BTreeMap::new();
    for ((snapshot, deployment), used) in &seen.tally.uses {
        let found = all.entry(deployment.clone()).or_insert((*snapshot, 0, 0));
        found.1 += used.requests;
    }
    for profile in seen.tally.profiles() {
        for deployment in &profile.open {
            all.entry(deployment.clone()).or_insert((profile.snapshot, 0, 0)).2 += profile.requests;
        }
    }
    let finding = |(deployment, (snapshot, requests, may)): (DeploymentId, (SnapshotId, u64, u64))| {
        let world = seen.worlds.get(&snapshot)?.world();
        let supply = world.supply_of(&deployment)?;
        let home = world.home_places();
        let controllers: Vec<String> = supply.operator.controllers.difference(&home).map(ToString::to_string).collect();
        let rests_at_home = world.expand(&supply.deployment.host).is_subset(&home);
        let operator = supply.operator.id.clone();
        let more = may.saturating_sub(requests);
        (rests_at_home && !controllers.is_empty()).then_some(Finding::ForeignControl {
            deployment,
            operator,
            controllers,
            requests,
            more,
        })
    };
    all.into_iter().filter_map(finding).collect()
}

/// As the youngest snapshot declares them.
fn outages(seen: &Seen<'_>) -> Vec<Finding> {
    let mut uses: BTreeMap<&DeploymentId, u64> = BTreeMap::new();
    for ((_, deployment), used) in &seen.tally.uses {
        *uses.entry(deployment).or_default() += used.requests;
    }
    let youngest = seen.tally.profiles().max_by_key(|profile| profile.last).map(|profile| profile.snapshot);
    let world = youngest.and_then(|snapshot| seen.worlds.get(&snapshot));
    world.map_or_else(Vec::new, |it| outages::known(it.world(), &uses))
}

/// Critical uses that end with one cut, those that end with the same told together, the most of them first; what is cut is
/// told where its loss says more than that of one endpoint.
fn single_points(summary: &Summary) -> Vec<Finding> {
    type Uses = Vec<(AppId, Option<RouteId>)>;
    let mut found: Vec<(Vec<Key>, Uses)> = Vec::new();
    for cut in &summary.cut_sets {
        let single = cut.sets.iter().filter(|set| set.len() == 1).flatten();
        let keys: Vec<Key> = single.filter(|key| key.level.is_telling()).cloned().collect();
        let used = (cut.app.clone(), cut.route.clone());
        match found.iter_mut().find(|(same, _)| *same == keys) {
            _ if keys.is_empty() => {}
            Some((_, uses)) => uses.push(used),
            None => found.push((keys, vec![used])),
        }
    }
    found.sort_by_key(|(_, uses)| std::cmp::Reverse(uses.len()));
    found.into_iter().map(|(keys, uses)| Finding::SinglePoint { uses, keys }).collect()
}
