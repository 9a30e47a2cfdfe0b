//! From sums to shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy::Compiled;
use realm::{AppId, DeploymentId, RouteId, SnapshotId};
use rust_decimal::Decimal;

use super::cut_sets;
use super::report::{Dependence, LevelReport, Substitute, Summary};
use super::survive::{Needs, survived, worst};
use super::tally::{Tally, Use};
use crate::figure::{Ratio, index};
use crate::level::{Key, Level, home_keys};

/// Shares, indices and cuts of the use that was added up.
pub(crate) fn summary(tally: &Tally, worlds: &BTreeMap<SnapshotId, Arc<Compiled>>) -> Summary {
    let needs = Needs::of(tally, worlds);
    let places = Places::of(worlds);
    let by_key = by_key(tally, &needs);
    let total = tally.total();
    let levels: Vec<LevelReport> =
        Level::ALL.into_iter().map(|level| level_report(level, &by_key, total, (tally, &needs, &places))).collect();
    let known = levels.iter().flat_map(|level| &level.keys);
    let cuts = known.filter(|key| !key.is_bloc).filter_map(|key| key.without.as_ref());
    // Nobody loses home itself; and weights that are here, with their licence, are not taken back by where they come from.
    let stays = |level: Level| matches!(level, Level::Licence | Level::Provenance);
    let is_ours = |key: &Key| key.level.is_place() && places.home.contains(key);
    let cuts = cuts.filter(|cut| !stays(cut.key.level) && !is_ours(&cut.key));
    Summary {
        worst_cut: worst(cuts).cloned(),
        cut_sets: cut_sets::all(tally, &needs, &places.home),
        substitutes: substitutes(tally),
        levels,
    }
}

/// What is home's own, and which places are blocs, in any of the worlds.
struct Places {
    home: BTreeSet<Key>,
    blocs: BTreeSet<Arc<str>>,
}

impl Places {
    fn of(worlds: &BTreeMap<SnapshotId, Arc<Compiled>>) -> Self {
        let mut places = Self { home: BTreeSet::new(), blocs: BTreeSet::new() };
        for world in worlds.values().map(|it| it.world()) {
            places.home.extend(home_keys(world));
            places.blocs.extend(world.blocs.keys().map(|it| it.as_str().into()));
        }
        places
    }
}

/// The use of every key; use of which nobody knows the world needs something undeclared at every level.
fn by_key(tally: &Tally, needs: &Needs) -> BTreeMap<Key, Use> {
    let mut by_key: BTreeMap<Key, Use> = BTreeMap::new();
    for ((snapshot, deployment), used) in &tally.uses {
        for key in needs.keys(*snapshot, deployment) {
            by_key.entry(key.clone()).or_default().add(*used);
        }
    }
    if tally.unknown.requests > 0 {
        for level in Level::ALL {
            by_key.entry(Key::undeclared(level)).or_default().add(tally.unknown);
        }
    }
    by_key
}

fn level_report(
    level: Level,
    by_key: &BTreeMap<Key, Use>,
    total: Use,
    (tally, needs, places): (&Tally, &Needs, &Places),
) -> LevelReport {
    let mut keys: Vec<Dependence> = Vec::new();
    for (key, used) in by_key.iter().filter(|(key, _)| key.level == level) {
        let is_bloc = level.is_place() && key.name.as_ref().is_some_and(|it| places.blocs.contains(it));
        keys.push(Dependence {
            name: key.name.clone(),
            is_home: places.home.contains(key),
            is_bloc,
            requests: Ratio::of(used.requests, total.requests),
            tokens: Ratio::of(used.tokens, total.tokens),
            cost_nano: Ratio::of(used.cost_nano, total.cost_nano),
            critical: Ratio::of(used.critical, total.critical),
            without: key.name.is_some().then(|| survived(tally, needs, key)),
        });
    }
    keys.sort_by(|a, b| b.requests.part.cmp(&a.requests.part).then_with(|| a.name.cmp(&b.name)));
    let undeclared = keys.iter().find(|key| key.name.is_none()).map_or(0, |key| key.requests.part);
    let undeclared = Ratio::of(undeclared, total.requests);
    let of = |measure: fn(&Dependence) -> u64| {
        let parts = keys.iter().filter(|key| !key.is_bloc).map(measure);
        if undeclared.part < undeclared.whole { concentration(parts) } else { None }
    };
    let (by_requests, by_critical) = (of(|key| key.requests.part), of(|key| key.critical.part));
    LevelReport {
        level,
        undeclared,
        hhi_requests: by_requests.map(index),
        effective_requests: by_requests.map(effective),
        hhi_critical: by_critical.map(index),
        effective_critical: by_critical.map(effective),
        keys,
    }
}

/// The sum of squared shares; none of nothing.
fn concentration(parts: impl Iterator<Item = u64>) -> Option<f64> {
    let (mut sum, mut squares) = (0.0, 0.0);
    for part in parts {
        let part = part as f64;
        sum += part;
        squares += part * part;
    }
    (sum > 0.0).then(|| squares / (sum * sum))
}

fn effective(hhi: f64) -> Decimal {
    Decimal::try_from(1.0 / hhi).unwrap_or_default().round_dp(2).normalize()
}

/// What could take the place of what each app uses by each route.
fn substitutes(tally: &Tally) -> Vec<Substitute> {
    let mut all: BTreeMap<(&AppId, Option<&RouteId>), Substitute> = BTreeMap::new();
    for profile in tally.profiles() {
        let (app, route) = (&profile.app, profile.route.as_ref());
        let permitted: BTreeSet<&DeploymentId> = profile.open.iter().collect();
        let found = all.entry((app, route)).or_insert_with(|| Substitute {
            app: app.clone(),
            route: route.cloned(),
            level: 1,
            permitted: profile.open.clone(),
            requests: 0,
            as_of: None,
            tried: None,
            evaluated: None,
            drilled: None,
        });
        // The weakest of its requests decides: for some of them there may be nothing else.
        found.level = found.level.min(u8::from(permitted.len() > 1));
        found.permitted.retain(|it| permitted.contains(it));
        found.requests += profile.requests;
        found.as_of = found.as_of.max(profile.last);
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::{concentration, effective};
    use crate::figure::index;

    #[test]
    fn the_textbook_figures() {
        for (parts, hhi, number) in [
            (vec![5, 3, 2], "0.38", "2.63"),
            (vec![60, 25, 15], "0.445", "2.25"),
            (vec![1, 1, 1, 1], "0.25", "4"),
            (vec![7], "1", "1"),
        ] {
            let found = concentration(parts.into_iter()).unwrap();
            assert_eq!((index(found).to_string().as_str(), effective(found).to_string().as_str()), (hhi, number));
        }
        assert_eq!(concentration([0, 0].into_iter()), None);
    }
}
