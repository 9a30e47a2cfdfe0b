//! What is left after a cut: whether a request's route still leads to a permitted deployment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use policy::Compiled;
use realm::{AppId, DeploymentId, SnapshotId};

use super::report::SurvivedCut;
use super::tally::{Profile, Tally};
use crate::figure::Ratio;
use crate::level::{Key, dark_pairs, keys};

/// What every deployment that somebody uses or may use needs, in its own world.
pub(super) struct Needs(HashMap<(SnapshotId, DeploymentId), Needed>);

/// What a use of a deployment needs: each of these keys, and one of each of these pairs.
struct Needed {
    keys: BTreeSet<Key>,
    pairs: Vec<[Key; 2]>,
}

impl Needs {
    pub(super) fn of(tally: &Tally, worlds: &BTreeMap<SnapshotId, Arc<Compiled>>) -> Self {
        let may = tally.profiles().flat_map(|profile| profile.open.iter().map(|it| (profile.snapshot, it.clone())));
        let all: BTreeSet<_> = tally.uses.keys().cloned().chain(may).collect();
        let needed = all.into_iter().filter_map(|(snapshot, deployment)| {
            let world = worlds.get(&snapshot)?.world();
            let found = Needed { keys: keys(world, &deployment), pairs: dark_pairs(world, &deployment) };
            Some(((snapshot, deployment), found))
        });
        Self(needed.collect())
    }

    /// What a use of a deployment needs.
    pub(super) fn keys(&self, snapshot: SnapshotId, deployment: &DeploymentId) -> impl Iterator<Item = &Key> {
        self.0.get(&(snapshot, deployment.clone())).into_iter().flat_map(|found| &found.keys)
    }

    /// Of what a use of a deployment needs one, each by itself.
    pub(super) fn spare(&self, snapshot: SnapshotId, deployment: &DeploymentId) -> impl Iterator<Item = &Key> {
        self.0.get(&(snapshot, deployment.clone())).into_iter().flat_map(|found| found.pairs.iter().flatten())
    }

    fn falls(&self, snapshot: SnapshotId, deployment: &DeploymentId, cuts: &[&Key]) -> bool {
        self.0.get(&(snapshot, deployment.clone())).is_some_and(|found| {
            let is_cut = |key: &Key| cuts.contains(&key);
            cuts.iter().any(|cut| found.keys.contains(*cut)) || found.pairs.iter().any(|pair| pair.iter().all(is_cut))
        })
    }

    /// Whether something permitted is left of a profile after cuts.
    pub(super) fn survives(&self, profile: &Profile, cuts: &[&Key]) -> bool {
        profile.open.iter().any(|it| !self.falls(profile.snapshot, it, cuts))
    }
}

/// What one cut leaves.
pub(super) fn survived(tally: &Tally, needs: &Needs, key: &Key) -> SurvivedCut {
    let (mut requests, mut critical) = (Ratio::default(), Ratio::default());
    let mut apps: BTreeMap<&AppId, (u64, bool)> = BTreeMap::new();
    for profile in tally.profiles() {
        let is_left = needs.survives(profile, &[key]);
        let weight = profile.requests * profile.criticality;
        requests.whole += profile.requests;
        critical.whole += weight;
        if is_left {
            requests.part += profile.requests;
            critical.part += weight;
        }
        let app = apps.entry(&profile.app).or_insert((profile.criticality, true));
        app.1 &= is_left;
    }
    let weight = |wanted: bool| apps.values().filter(|(_, whole)| *whole || !wanted).map(|(weight, _)| weight).sum();
    SurvivedCut { key: key.clone(), requests, critical, apps: Ratio::of(weight(true), weight(false)) }
}

/// The cut that leaves the least: by criticality, and by requests where no app is critical. Among equals the one that
/// stands further up the chain of supply, which says more.
pub(super) fn worst<'a>(cuts: impl Iterator<Item = &'a SurvivedCut>) -> Option<&'a SurvivedCut> {
    let measure = |cut: &SurvivedCut| if cut.critical.whole > 0 { cut.critical } else { cut.requests };
    // Where as little critical use is left, the one that leaves fewer requests is worse.
    let is_worse = |least: &SurvivedCut, cut: &SurvivedCut| {
        let same = !measure(least).is_less(measure(cut)) && !measure(cut).is_less(measure(least));
        if same { least.requests.is_less(cut.requests) } else { measure(least).is_less(measure(cut)) }
    };
    cuts.reduce(|least, cut| if is_worse(least, cut) { least } else { cut })
        .filter(|cut| measure(cut).part < measure(cut).whole)
}
