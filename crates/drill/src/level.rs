//! What a use of AI needs, level by level.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use realm::world::{EnergySource, Site, Supply};
use realm::{AcceleratorId, DeploymentId, Jurisdiction, OrganisationId, SiteId, World};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A level of dependence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Who serves it, where: the thing itself.
    Deployment,
    /// Whose weights run.
    Model,
    /// Who made the weights.
    Developer,
    /// The endpoint.
    Provider,
    /// Who runs the endpoint.
    Operator,
    /// The last of the operator's parents.
    Parent,
    /// Where bytes rest.
    Residency,
    /// Who can compel the operator.
    Control,
    /// Where the weights come from.
    Provenance,
    /// The licence of the weights.
    Licence,
    /// The site.
    Site,
    /// The kind of accelerator.
    Accelerator,
    /// Who makes it.
    Maker,
    /// The source of energy without which the site cannot draw what it may.
    Energy,
}

/// Evidence is good for so many days; after them nobody knows whether it still holds.
pub(crate) const EVIDENCE_DAYS: i64 = 90;

impl Level {
    /// Every level.
    pub const ALL: [Self; 14] = [
        Self::Deployment,
        Self::Model,
        Self::Developer,
        Self::Provider,
        Self::Operator,
        Self::Parent,
        Self::Residency,
        Self::Control,
        Self::Provenance,
        Self::Licence,
        Self::Site,
        Self::Accelerator,
        Self::Maker,
        Self::Energy,
    ];

    /// The word in files, options and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Model => "model",
            Self::Developer => "developer",
            Self::Provider => "provider",
            Self::Operator => "operator",
            Self::Parent => "parent",
            Self::Residency => "residency",
            Self::Control => "control",
            Self::Provenance => "provenance",
            Self::Licence => "licence",
            Self::Site => "site",
            Self::Accelerator => "accelerator",
            Self::Maker => "maker",
            Self::Energy => "energy",
        }
    }

    /// The level of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// Whether a loss here says more than the loss of one endpoint, which is easily replaced.
    pub(crate) fn is_telling(self) -> bool {
        matches!(self, Self::Model | Self::Developer | Self::Operator | Self::Parent | Self::Control)
    }

    /// Whether its keys are jurisdictions.
    pub fn is_place(self) -> bool {
        matches!(self, Self::Residency | Self::Control | Self::Provenance)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is needed at a level; without a name where nobody declared which.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Key {
    /// At which level.
    pub level: Level,
    /// Which; none where it is not declared.
    pub name: Option<Arc<str>>,
}

impl Key {
    /// A key by its name.
    pub fn new(level: Level, name: &str) -> Self {
        Self { level, name: Some(name.into()) }
    }

    /// What nobody declared.
    pub fn undeclared(level: Level) -> Self {
        Self { level, name: None }
    }

    /// The key in one word, for addresses: `operator:meridian-north`; none for what nobody declared.
    pub fn word(&self) -> Option<String> {
        Some(format!("{}:{}", self.level, self.name.as_ref()?))
    }

    /// The key of such a word.
    pub fn of_word(word: &str) -> Option<Self> {
        let (level, name) = word.split_once(':')?;
        Some(Self::new(Level::of(level)?, Some(name).filter(|name| !name.is_empty())?))
    }
}

/// Every key that a use of a deployment needs. A use that depends on several at one level needs each of them.
pub fn keys(world: &World, deployment: &DeploymentId) -> BTreeSet<Key> {
    let Some(supply) = world.supply_of(deployment) else {
        return Level::ALL.into_iter().map(Key::undeclared).collect();
    };
    Level::ALL.into_iter().flat_map(|level| at(world, &supply, level)).collect()
}

fn at(world: &World, supply: &Supply<'_>, level: Level) -> Vec<Key> {
    let one = |name: &str| vec![Key::new(level, name)];
    let places = |places: &BTreeSet<Jurisdiction>| places.iter().map(|it| Key::new(level, it.as_str())).collect();
    match level {
        Level::Deployment => one(supply.deployment.id.as_str()),
        Level::Model => one(supply.model.id.as_str()),
        Level::Developer => one(supply.developer.id.as_str()),
        Level::Provider => one(supply.provider.id.as_str()),
        Level::Operator => one(supply.operator.id.as_str()),
        Level::Parent => one(supply.operator.ultimate_parent.as_str()),
        Level::Residency => places(&world.expand(&supply.deployment.host)),
        Level::Control => places(&supply.operator.controllers),
        Level::Provenance => places(&world.expand(&supply.model.origin)),
        Level::Licence => or_undeclared(level, supply.model.licence.as_deref()),
        Level::Site => or_undeclared(level, supply.deployment.site.as_ref().map(SiteId::as_str)),
        Level::Accelerator => or_undeclared(level, supply.deployment.accelerator.as_ref().map(AcceleratorId::as_str)),
        Level::Maker => {
            let kind = supply.deployment.accelerator.as_ref().and_then(|id| world.accelerators.get(id));
            or_undeclared(level, kind.map(|kind| kind.maker.as_str()))
        }
        Level::Energy => match supply.deployment.site.as_ref().and_then(|site| world.sites.get(site)) {
            Some(site) => energy(world, site),
            None => vec![Key::undeclared(level)],
        },
    }
}

fn or_undeclared(level: Level, name: Option<&str>) -> Vec<Key> {
    vec![name.map_or_else(|| Key::undeclared(level), |name| Key::new(level, name))]
}

/// The sources without any one of which a site cannot draw all that it may. Where the others carry it, it needs none of
/// them; which it needs is not known of a site that does not say what it draws, unless there is one source.
fn energy(world: &World, site: &Site) -> Vec<Key> {
    let sources: Vec<&EnergySource> = world.sources_of(&site.id).collect();
    let needed = |source: &&EnergySource| Key::new(Level::Energy, source.id.as_str());
    match (sources.as_slice(), site.power_mw) {
        ([one], _) => vec![needed(one)],
        ([], _) | (_, None) => vec![Key::undeclared(Level::Energy)],
        (all, Some(drawn)) => {
            let given: Decimal = all.iter().map(|source| source.power_mw).sum();
            all.iter().filter(|source| given - source.power_mw < drawn).map(needed).collect()
        }
    }
}

/// Whether a site, of which each of these sources is cut off, cannot draw what it may any more, or nobody knows that it can.
pub(crate) fn is_dark(world: &World, deployment: &DeploymentId, cut: &BTreeSet<&str>) -> bool {
    let site = world.deployments.get(deployment).and_then(|it| it.site.as_ref()).and_then(|id| world.sites.get(id));
    let Some(site) = site else { return false };
    let (lost, left): (Vec<_>, Vec<_>) = world.sources_of(&site.id).partition(|it| cut.contains(it.id.as_str()));
    let given: Decimal = left.iter().map(|source| source.power_mw).sum();
    !lost.is_empty() && site.power_mw.map_or(left.is_empty(), |drawn| given < drawn)
}

/// The pairs of sources without both of which the site of a deployment cannot draw what it may, and could without either.
pub(crate) fn dark_pairs(world: &World, deployment: &DeploymentId) -> Vec<[Key; 2]> {
    let site = world.deployments.get(deployment).and_then(|it| it.site.as_ref());
    let sources: Vec<&str> = site.into_iter().flat_map(|id| world.sources_of(id)).map(|it| it.id.as_str()).collect();
    let falls = |cut: &[&str]| is_dark(world, deployment, &cut.iter().copied().collect());
    let spare: Vec<&str> = sources.into_iter().filter(|source| !falls(&[source])).collect();
    let pairs = spare.iter().enumerate().flat_map(|(at, one)| spare[at + 1..].iter().map(move |other| [*one, *other]));
    pairs.filter(|pair| falls(pair)).map(|pair| pair.map(|source| Key::new(Level::Energy, source))).collect()
}

/// Whether a source stands at the site of a deployment.
pub(crate) fn feeds(world: &World, deployment: &DeploymentId, key: &Key) -> bool {
    let site = world.deployments.get(deployment).and_then(|it| it.site.as_ref());
    site.is_some_and(|site| world.sources_of(site).any(|it| Some(it.id.as_str()) == key.name.as_deref()))
}

/// Every key of a world that is home's own: its places, and what nobody elsewhere can compel or made.
pub(crate) fn home_keys(world: &World) -> BTreeSet<Key> {
    let home = world.home_places();
    let mut found = BTreeSet::new();
    for level in [Level::Residency, Level::Control, Level::Provenance] {
        found.extend(home.iter().map(|place| Key::new(level, place.as_str())));
    }
    let is_ours = |id: &OrganisationId| world.organisations.get(id).is_some_and(|it| it.controllers.is_subset(&home));
    for organisation in world.organisations.keys().filter(|id| is_ours(id)) {
        let levels = [Level::Developer, Level::Operator, Level::Parent];
        found.extend(levels.map(|level| Key::new(level, organisation.as_str())));
    }
    let models = world.models.values().filter(|model| is_ours(&model.developer));
    found.extend(models.map(|model| Key::new(Level::Model, model.id.as_str())));
    let providers = world.providers.values().filter(|provider| is_ours(&provider.operator));
    found.extend(providers.map(|provider| Key::new(Level::Provider, provider.id.as_str())));
    for site in world.sites.values().filter(|site| world.expand(&site.jurisdiction).is_subset(&home)) {
        found.insert(Key::new(Level::Site, site.id.as_str()));
        let ours = |source: &&EnergySource| source.control.iter().chain(&source.fuel).all(|it| home.contains(it));
        let sources = world.sources_of(&site.id).filter(ours);
        found.extend(sources.map(|source| Key::new(Level::Energy, source.id.as_str())));
    }
    for kind in world.accelerators.values().filter(|kind| is_ours(&kind.maker)) {
        found.extend([Key::new(Level::Accelerator, kind.id.as_str()), Key::new(Level::Maker, kind.maker.as_str())]);
    }
    let deployments = world.deployments.keys().filter(|id| is_within_home(world, id));
    found.extend(deployments.map(|id| Key::new(Level::Deployment, id.as_str())));
    found
}

/// Whether a deployment's bytes rest at home and nobody else can compel its operator: as rules ask it.
pub(crate) fn is_within_home(world: &World, deployment: &DeploymentId) -> bool {
    let home = world.home_places();
    world.supply_of(deployment).is_some_and(|supply| {
        world.expand(&supply.deployment.host).is_subset(&home) && supply.operator.controllers.is_subset(&home)
    })
}
