//! Who answers for what a finding is about.

use std::collections::BTreeSet;

use realm::{AppId, DeploymentId, OrganisationId, SiteId, World};
use serde::Serialize;

use super::{Assign, Whose};

/// An organisation that is to do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// Which.
    pub organisation: OrganisationId,
    /// What people call it.
    pub name: String,
}

/// Those who answer for it, each once; where the realm names nobody, whoever the scenario says.
pub(super) fn owners(assign: &Assign<'_>, whose: &Whose) -> Vec<Owner> {
    let named = match whose {
        Whose::Drill => Vec::new(),
        Whose::Apps(apps) => of_apps(assign, apps),
        Whose::Served { by, apps } => operators_or(assign, by, apps),
        Whose::At { site, apps } => operators_or(assign, &at(assign, site), apps),
    };
    let named = if named.is_empty() { assign.closing.owner.iter().map(|it| it.value.clone()).collect() } else { named };
    let mut seen = BTreeSet::new();
    let owner = |organisation: OrganisationId| Owner {
        name: name(assign, &organisation).unwrap_or_else(|| organisation.to_string()),
        organisation,
    };
    named.into_iter().filter(|id| seen.insert(id.clone())).map(owner).collect()
}

fn name(assign: &Assign<'_>, id: &OrganisationId) -> Option<String> {
    assign.worlds.iter().find_map(|world| world.organisations.get(id)).map(|it| it.name.clone())
}

fn of_apps(assign: &Assign<'_>, apps: &[AppId]) -> Vec<OrganisationId> {
    let of = |app: &AppId| assign.worlds.iter().find_map(|world| world.apps.get(app)).map(|it| it.organisation.clone());
    apps.iter().filter_map(of).collect()
}

/// Who runs it can mend it, and can be asked to where the law of home reaches them; else whoever uses it looks elsewhere.
fn operators_or(assign: &Assign<'_>, deployments: &[DeploymentId], apps: &[AppId]) -> Vec<OrganisationId> {
    let operators: Vec<_> = deployments.iter().filter_map(|id| operator_at_home(assign, id)).collect();
    if operators.is_empty() { of_apps(assign, apps) } else { operators }
}

fn operator_at_home(assign: &Assign<'_>, id: &DeploymentId) -> Option<OrganisationId> {
    let world = assign.worlds.iter().find(|world| world.supply_of(id).is_some())?;
    let operator = world.supply_of(id)?.operator;
    world.home_places().contains(&operator.jurisdiction).then(|| operator.id.clone())
}

/// What runs at a site, as the youngest realm says it.
fn at(assign: &Assign<'_>, site: &SiteId) -> Vec<DeploymentId> {
    let Some(world): Option<&&World> = assign.worlds.first() else { return Vec::new() };
    let here = world.deployments.values().filter(|it| it.site.as_ref() == Some(site));
    here.map(|it| it.id.clone()).collect()
}
