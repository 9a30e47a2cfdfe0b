//! Days on which a source of energy is known to give nothing, as far as a site cannot do without it then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use realm::world::EnergySource;
use realm::{DeploymentId, World};

use super::report::Finding;
use crate::figure::Ratio;
use crate::level::is_dark;

/// Each source that is declared out while its site cannot do without it, with the hours of each year, and the requests that
/// were answered at that site. `uses`: answered requests by deployment, of all snapshots.
pub(super) fn known(world: &World, uses: &BTreeMap<&DeploymentId, u64>) -> Vec<Finding> {
    let whole: u64 = uses.values().sum();
    let mut findings = Vec::new();
    for source in world.energy_sources.values().filter(|source| source.stands) {
        let here = uses.iter().filter(|(id, _)| site_is(world, id, source));
        let (requests, first) = here.fold((0, None), |(sum, first), (id, count)| (sum + count, first.or(Some(*id))));
        let Some(deployment) = first else { continue };
        let mut hours: BTreeMap<i16, u64> = BTreeMap::new();
        for (from, until) in &source.outages {
            let out = out_with(world, source, (*from, *until));
            if is_dark(world, deployment, &out) {
                by_year(*from, *until, &mut hours);
            }
        }
        findings.extend(hours.into_iter().map(|(year, hours)| Finding::KnownOutage {
            source: source.id.clone(),
            site: source.site.clone(),
            year,
            hours,
            requests: Ratio::of(requests, whole),
        }));
    }
    findings
}

fn site_is(world: &World, deployment: &DeploymentId, source: &EnergySource) -> bool {
    world.deployments.get(deployment).is_some_and(|it| it.site.as_ref() == Some(&source.site))
}

/// The source, and the others of its site that are out on any of these days: the careful answer.
fn out_with<'w>(world: &'w World, source: &'w EnergySource, (from, until): (Date, Date)) -> BTreeSet<&'w str> {
    let overlaps = |it: &&EnergySource| it.outages.iter().any(|(first, last)| *first <= until && from <= *last);
    let out = world.sources_of(&source.site).filter(overlaps).map(|it| it.id.as_str());
    out.chain([source.id.as_str()]).collect()
}

/// Adds the hours of whole days, year by year.
fn by_year(from: Date, until: Date, hours: &mut BTreeMap<i16, u64>) {
    for year in from.year()..=until.year() {
        let (first, last) = (from.max(date(year, 1, 1)), until.min(date(year, 12, 31)));
        let days = last.since(first).map_or(0, |span| i64::from(span.get_days()) + 1);
        *hours.entry(year).or_default() += 24 * u64::try_from(days).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_of_whole_days_and_of_their_year() {
        let mut hours = BTreeMap::new();
        by_year(date(2027, 6, 1), date(2027, 6, 30), &mut hours);
        by_year(date(2027, 12, 31), date(2029, 1, 1), &mut hours);
        assert_eq!(hours, BTreeMap::from([(2027, 31 * 24), (2028, 366 * 24), (2029, 24)]));
    }
}
