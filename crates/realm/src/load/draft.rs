use std::collections::{BTreeMap, BTreeSet};

use super::context::At;
use crate::world::{
    Accelerator, App, Deployment, Detector, EnergySource, Evidence, Head, Indicator, Initiative, Load, Model,
    Organisation, Pack, Passport, Provider, Route, RuleSource, Sandbox, Sector, Site, Throughput, Witness, World,
};
use crate::{
    AcceleratorId, AppId, DeploymentId, DetectorId, EnergySourceId, IndicatorId, InitiativeId, Jurisdiction, ModelId,
    OrganisationId, PackId, ProviderId, RouteId, SandboxId, SectorId, SiteId, WitnessId,
};

/// A signature as it was written.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) sandbox: SandboxId,
    pub(super) by: At<String>,
    pub(super) text: At<String>,
}

/// A world in the making: what could be read so far. Ids in it may not resolve yet.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) head: Option<Head>,
    pub(super) blocs: BTreeMap<Jurisdiction, BTreeSet<Jurisdiction>>,
    pub(super) sectors: BTreeMap<SectorId, Sector>,
    pub(super) organisations: BTreeMap<OrganisationId, Organisation>,
    pub(super) apps: BTreeMap<AppId, App>,
    pub(super) models: BTreeMap<ModelId, Model>,
    pub(super) providers: BTreeMap<ProviderId, Provider>,
    pub(super) deployments: BTreeMap<DeploymentId, Deployment>,
    pub(super) routes: BTreeMap<RouteId, Route>,
    pub(super) detectors: BTreeMap<DetectorId, Detector>,
    pub(super) witnesses: BTreeMap<WitnessId, Witness>,
    pub(super) initiatives: BTreeMap<InitiativeId, Initiative>,
    pub(super) indicators: BTreeMap<IndicatorId, Indicator>,
    pub(super) sandboxes: BTreeMap<SandboxId, Sandbox>,
    pub(super) passports: BTreeMap<ModelId, Passport>,
    pub(super) sites: BTreeMap<SiteId, Site>,
    pub(super) accelerators: BTreeMap<AcceleratorId, Accelerator>,
    pub(super) throughput: BTreeMap<Load, Throughput>,
    pub(super) energy_sources: BTreeMap<EnergySourceId, EnergySource>,
    pub(super) evidence: Vec<Evidence>,
    /// Signatures of sandboxes, whose signers are known once everything is read.
    pub(super) signatures: Vec<Signature>,
    pub(super) packs: BTreeMap<PackId, Pack>,
    pub(super) rules: Vec<RuleSource>,
}

impl Draft {
    /// The world, once nothing is wrong with it.
    pub(super) fn finish(self) -> Option<World> {
        Some(World {
            head: self.head?,
            blocs: self.blocs,
            sectors: self.sectors,
            organisations: self.organisations,
            apps: self.apps,
            models: self.models,
            providers: self.providers,
            deployments: self.deployments,
            routes: self.routes,
            detectors: self.detectors,
            witnesses: self.witnesses,
            initiatives: self.initiatives,
            indicators: self.indicators,
            sandboxes: self.sandboxes,
            passports: self.passports,
            sites: self.sites,
            accelerators: self.accelerators,
            throughput: self.throughput,
            energy_sources: self.energy_sources,
            evidence: self.evidence,
            packs: self.packs,
            rules: self.rules,
        })
    }
}
