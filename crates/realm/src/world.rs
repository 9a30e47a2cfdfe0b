//! The declared world as used: complete, cross-referenced, with the derived facts filled in.
//!
//! Loading makes it from realm files; everything else only reads it. Every id in it resolves.

mod content;
mod control;
mod detector;
mod hardware;
mod head;
mod party;
mod passport;
mod place;
mod programme;
mod provider;
mod quality;
mod sandbox;
mod sign_in;
mod supply;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::civil::Date;

/// The value of `weights_file` that names the toy model inside the program instead of a file.
pub const DEMO_TINY: &str = "demo-tiny";

/// How `weights_file` begins when it names a model by its hash, added with `freehold model add`.
pub const ADDED_MODEL: &str = "sha256:";

pub use content::{ContentKey, Kept, Person};
pub(crate) use control::controllers;
pub use detector::{Detector, OnFailure};
pub use hardware::{Accelerator, Known, Load, Throughput};
pub use head::{Content, Head, LedgerSettings, Unknown};
pub use party::{
    App, Approvals, Budget, DecisionEffect, Evidence, Limits, Organisation, OrganisationKind, Oversight, Owner,
    RiskTier, Sector,
};
pub use passport::{Passport, PassportForm, PassportSource, PublishedResult, Stated, WeightsFile};
pub use place::{EnergyKind, EnergySource, Nodes, Site};
pub use programme::{Goal, Indicator, Initiative, Mfu, Query, Said, Source, TrainingRun};
pub use provider::{
    AccessPath, BREAKER_FAILURES, COOL_DOWN_S, Credential, GigachatScope, Protocol, Provider, RETRY_AFTER_MAX_S,
    Timeouts,
};
pub use quality::{Otherwise, Quality};
pub use supply::{
    Capacity, Deployment, Energy, EnergyMethod, Model, ModelKind, Price, Route, Strategy, Target, Training, Weights,
};

pub use sandbox::Sandbox;
pub use sign_in::{Claim, SignIn};
pub use witness::Witness;

use crate::{
    AcceleratorId, AppId, DeploymentId, DetectorId, EnergySourceId, IndicatorId, InitiativeId, Jurisdiction, ModelId,
    OrganisationId, PackId, ProviderId, RouteId, SandboxId, SectorId, SiteId, WitnessId,
};

/// One deployment's declared world.
#[derive(Debug, Clone)]
pub struct World {
    /// The `[realm]` table.
    pub head: Head,
    /// Blocs by name, expanded to countries.
    pub blocs: BTreeMap<Jurisdiction, BTreeSet<Jurisdiction>>,
    /// Sectors by id.
    pub sectors: BTreeMap<SectorId, Sector>,
    /// Organisations by id.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Apps by id.
    pub apps: BTreeMap<AppId, App>,
    /// Models by id.
    pub models: BTreeMap<ModelId, Model>,
    /// Providers by id.
    pub providers: BTreeMap<ProviderId, Provider>,
    /// Deployments by id.
    pub deployments: BTreeMap<DeploymentId, Deployment>,
    /// Routes by id.
    pub routes: BTreeMap<RouteId, Route>,
    /// Detectors outside the program, by id.
    pub detectors: BTreeMap<DetectorId, Detector>,
    /// Who cosigns the ledger's heads, by id.
    pub witnesses: BTreeMap<WitnessId, Witness>,
    /// What organisations do together, by id.
    pub initiatives: BTreeMap<InitiativeId, Initiative>,
    /// What a programme is steered by, by id.
    pub indicators: BTreeMap<IndicatorId, Indicator>,
    /// Dated exemptions, by id.
    pub sandboxes: BTreeMap<SandboxId, Sandbox>,
    /// What papers say of models, by model.
    pub passports: BTreeMap<ModelId, Passport>,
    /// Places where models run, by id.
    pub sites: BTreeMap<SiteId, Site>,
    /// Kinds of accelerators, by id.
    pub accelerators: BTreeMap<AcceleratorId, Accelerator>,
    /// How fast models answer on them.
    pub throughput: BTreeMap<Load, Throughput>,
    /// Where the sites' energy comes from, by id.
    pub energy_sources: BTreeMap<EnergySourceId, EnergySource>,
    /// Facts that packs ask for.
    pub evidence: Vec<Evidence>,
    /// The packs in use, by id.
    pub packs: BTreeMap<PackId, Pack>,
    /// The rules: the realm's own `policies/*.cedar`, then each pack's, in the order of their paths.
    pub rules: Vec<RuleSource>,
}

/// One Cedar file of the realm or of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSource {
    /// Where it was read, relative to the realm directory (`packs/<id>/…` for a pack's).
    pub path: PathBuf,
    /// The pack it belongs to; `None` for the operator's own rules, which alone may permit.
    pub pack: Option<PackId>,
    /// The text.
    pub text: String,
}

/// A law or framework in use, as its `pack.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its id.
    pub id: PackId,
    /// What people call it.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Whose law it is.
    pub jurisdiction: Option<Jurisdiction>,
    /// Where its text comes from.
    pub sources: Vec<String>,
    /// When somebody last compared it with that.
    pub verified_on: Option<Date>,
    /// What its rules say to people, as written; none in packs of the first form.
    pub texts: PackTexts,
    /// Its duties for people, as written: `catalogue.toml`.
    pub catalogue: Option<PackFile>,
}

/// What the rules of a pack say to people, one Fluent file a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackTexts {
    /// `en.ftl`.
    pub en: Option<PackFile>,
    /// `ru.ftl`.
    pub ru: Option<PackFile>,
}

/// A file of a pack as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Where it was read, relative to the realm directory.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

impl World {
    /// A deployment with its model, its provider and the provider's operator.
    pub fn supply_of(&self, deployment: &DeploymentId) -> Option<Supply<'_>> {
        let deployment = self.deployments.get(deployment)?;
        let model = self.models.get(&deployment.model)?;
        let provider = self.providers.get(&deployment.provider)?;
        let operator = self.organisations.get(&provider.operator)?;
        let developer = self.organisations.get(&model.developer)?;
        Some(Supply { deployment, model, provider, operator, developer })
    }

    /// Whether a place is a country or a bloc of the realm.
    pub fn knows(&self, place: &Jurisdiction) -> bool {
        crate::load::is_country(place.as_str()) || self.blocs.contains_key(place)
    }

    /// The blocs a country belongs to, and the country itself.
    pub fn expand(&self, place: &Jurisdiction) -> BTreeSet<Jurisdiction> {
        expand(&self.blocs, place)
    }

    /// Home for rules: the country with its blocs, or the bloc with its members.
    pub fn home_places(&self) -> BTreeSet<Jurisdiction> {
        let mut all = self.expand(&self.head.home);
        all.extend(self.blocs.get(&self.head.home).into_iter().flatten().cloned());
        all
    }

    /// Whether a deployment's bytes rest at home and nobody elsewhere is registered as its operator.
    pub fn is_at_home(&self, deployment: &Deployment, provider: &Provider) -> bool {
        let home = |place: &Jurisdiction| self.expand(place).contains(&self.head.home);
        let operator = self.organisations.get(&provider.operator);
        home(&deployment.host) && operator.is_some_and(|operator| home(&operator.jurisdiction))
    }

    /// Where the user of a request is as a supplier sees it: where the request says, else where the app's own organisation
    /// is registered, for it is the customer.
    pub fn customer_in<'a>(&'a self, app: &AppId, user: Option<&'a Jurisdiction>) -> Option<&'a Jurisdiction> {
        let organisation = || self.organisations.get(&self.apps.get(app)?.organisation);
        user.or_else(|| organisation().map(|it| &it.jurisdiction))
    }

    /// The sources of energy that stand at a site.
    pub fn sources_of<'a>(&'a self, site: &'a SiteId) -> impl Iterator<Item = &'a EnergySource> {
        self.energy_sources.values().filter(move |source| source.stands && source.site == *site)
    }

    /// The routes an app may name, sorted: its aliases.
    pub fn routes_of<'a>(&'a self, app: &'a App) -> impl Iterator<Item = &'a Route> {
        app.routes.iter().filter_map(|id| self.routes.get(id))
    }
}

/// The blocs of some that a country belongs to, and the country itself.
pub(crate) fn expand(
    blocs: &BTreeMap<Jurisdiction, BTreeSet<Jurisdiction>>,
    place: &Jurisdiction,
) -> BTreeSet<Jurisdiction> {
    let within = blocs.iter().filter(|(_, members)| members.contains(place)).map(|(bloc, _)| bloc.clone());
    within.chain([place.clone()]).collect()
}

/// A deployment and what stands behind it.
#[derive(Debug, Clone, Copy)]
pub struct Supply<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// Whose weights run.
    pub model: &'a Model,
    /// Who operates the endpoint.
    pub provider: &'a Provider,
    /// The provider's operator.
    pub operator: &'a Organisation,
    /// The model's developer.
    pub developer: &'a Organisation,
}
