//! The smallest sets whose loss ends a critical use.

use std::collections::{BTreeMap, BTreeSet};

use realm::{AppId, RouteId};

use super::report::CutSet;
use super::survive::Needs;
use super::tally::{Profile, Tally};
use crate::level::{Key, Level};

/// From so much criticality on an app's use is looked into.
const CRITICAL_FROM: u64 = 2;

/// For every critical app and each of its routes: the single keys, then the pairs of one level, whose loss leaves nothing
/// of it. A pair is only named where neither of the two suffices. Home's own places are left out: nobody prepares for
/// the loss of the country itself.
pub(super) fn all(tally: &Tally, needs: &Needs, home: &BTreeSet<Key>) -> Vec<CutSet> {
    let mut uses: BTreeMap<(&AppId, Option<&RouteId>), Vec<&Profile>> = BTreeMap::new();
    for profile in tally.profiles().filter(|profile| profile.criticality >= CRITICAL_FROM) {
        uses.entry((&profile.app, profile.route.as_ref())).or_default().push(profile);
    }
    let sets = uses.into_iter().map(|((app, route), profiles)| CutSet {
        app: app.clone(),
        route: route.cloned(),
        criticality: profiles[0].criticality,
        sets: sets(&profiles, needs, home),
    });
    sets.filter(|found| !found.sets.is_empty()).collect()
}

fn sets(profiles: &[&Profile], needs: &Needs, home: &BTreeSet<Key>) -> Vec<Vec<Key>> {
    let falls = |cuts: &[&Key]| !profiles.iter().any(|profile| needs.survives(profile, cuts));
    let mut candidates: BTreeSet<&Key> = BTreeSet::new();
    for profile in profiles {
        candidates.extend(profile.open.iter().flat_map(|it| needs.keys(profile.snapshot, it)));
        candidates.extend(profile.open.iter().flat_map(|it| needs.spare(profile.snapshot, it)));
    }
    candidates.retain(|key| key.name.is_some() && !(key.level.is_place() && home.contains(*key)));
    let (single, rest): (Vec<&Key>, Vec<&Key>) = candidates.into_iter().partition(|key| falls(&[key]));
    let mut found: Vec<Vec<Key>> = single.into_iter().map(|key| vec![key.clone()]).collect();
    for level in Level::ALL {
        let of_level: Vec<&Key> = rest.iter().copied().filter(|key| key.level == level).collect();
        for (place, one) in of_level.iter().enumerate() {
            let others = of_level[place + 1..].iter().filter(|other| falls(&[one, other]));
            found.extend(others.map(|other| vec![(*one).clone(), (*other).clone()]));
        }
    }
    found
}
