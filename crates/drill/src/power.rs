//! What a site can still draw when a source of its energy gives less, and what its deployments can still do.
//!
//! The rule: what is left of all its sources, over what the site may draw, is the share of their capacity that its
//! deployments keep, each the same. A site that does not say what it may draw is taken to draw all that it is given.

use std::collections::{BTreeMap, BTreeSet};

use realm::world::{Deployment, Site};
use realm::{DeploymentId, EnergySourceId, ProviderId, SiteId, World};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// What is left of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// A share of what it gives.
    Share(Decimal),
    /// So much of it.
    Mw(Decimal),
}

/// A site that cannot draw what it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dimmed {
    pub(crate) site: SiteId,
    /// What its sources give together.
    pub(crate) given_mw: Decimal,
    /// What it may draw.
    pub(crate) drawn_mw: Decimal,
}

impl Left {
    fn of(self, power_mw: Decimal) -> Decimal {
        match self {
            Self::Share(share) => power_mw * share,
            Self::Mw(left_mw) => left_mw.min(power_mw),
        }
    }
}

impl Dimmed {
    /// The share of their capacity that its deployments keep.
    pub(crate) fn share(&self) -> Decimal {
        self.given_mw / self.drawn_mw
    }
}

/// The sites at which a source of `left` stands and that are not carried by what is left; of sources in `out` nothing is.
pub(crate) fn dimmed(world: &World, left: &BTreeMap<EnergySourceId, Left>, out: &BTreeSet<&str>) -> Vec<Dimmed> {
    world.sites.values().filter_map(|site| of_site(world, site, left, out)).collect()
}

fn of_site(world: &World, site: &Site, left: &BTreeMap<EnergySourceId, Left>, out: &BTreeSet<&str>) -> Option<Dimmed> {
    let sources: Vec<_> = world.sources_of(&site.id).collect();
    sources.iter().find(|source| left.contains_key(&source.id))?;
    let given = |source: &&realm::world::EnergySource| match left.get(&source.id) {
        _ if out.contains(source.id.as_str()) => Decimal::ZERO,
        Some(left) => left.of(source.power_mw),
        None => source.power_mw,
    };
    let given_mw: Decimal = sources.iter().map(given).sum();
    let drawn_mw = site.power_mw.unwrap_or_else(|| sources.iter().map(|source| source.power_mw).sum());
    (given_mw < drawn_mw).then(|| Dimmed { site: site.id.clone(), given_mw, drawn_mw })
}

/// Takes from the deployments of a site what it cannot carry: of their tokens per second, and of the places at a provider all
/// of whose deployments stand there.
pub(crate) fn dim(world: &mut World, dimmed: &[Dimmed]) {
    for it in dimmed {
        let share = it.share();
        let is_here = |deployment: &Deployment| deployment.site.as_ref() == Some(&it.site);
        let keeps = |capacity: u64| (Decimal::from(capacity) * share).floor().to_u64().unwrap_or(0);
        let elsewhere: BTreeSet<ProviderId> =
            world.deployments.values().filter(|it| !is_here(it)).map(|it| it.provider.clone()).collect();
        let here: Vec<DeploymentId> =
            world.deployments.values().filter(|it| is_here(it)).map(|it| it.id.clone()).collect();
        let mut providers = BTreeSet::new();
        for id in here {
            let Some(deployment) = world.deployments.get_mut(&id) else { continue };
            deployment.capacity.tokens_per_s = deployment.capacity.tokens_per_s.map(keeps);
            providers.insert(deployment.provider.clone());
        }
        for id in providers.difference(&elsewhere) {
            let Some(provider) = world.providers.get_mut(id) else { continue };
            provider.concurrency = provider.concurrency.map(|places| keeps(places).max(1));
        }
    }
}
