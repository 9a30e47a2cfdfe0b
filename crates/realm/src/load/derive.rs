//! Facts that follow from the declared ones: the last of the parents, and who can compel an organisation.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::draft::Draft;
use crate::OrganisationId;
use crate::world::{Organisation, controllers};

/// Fills the derived facts of every organisation in; a circle of parents is a problem.
pub(super) fn control(cx: &Context, draft: &mut Draft) {
    let mut derived = Vec::new();
    let mut circles = BTreeSet::new();
    for id in draft.organisations.keys() {
        match chain(&draft.organisations, id) {
            Ok(chain) => {
                let last = chain.last().map_or_else(|| id.clone(), |last| last.id.clone());
                derived.push((id.clone(), last, controllers(&chain, &draft.blocs)));
            }
            Err(circle) => {
                circles.insert(circle);
            }
        }
    }
    for circle in circles {
        report(cx, &circle);
    }
    for (id, ultimate_parent, controllers) in derived {
        if let Some(organisation) = draft.organisations.get_mut(&id) {
            organisation.ultimate_parent = ultimate_parent;
            organisation.controllers = controllers;
        }
    }
}

/// Says of every deployment at a site where it is; one that is said to be elsewhere too is a problem.
pub(super) fn places(cx: &Context, draft: &mut Draft) {
    for deployment in draft.deployments.values_mut() {
        let Some(site) = deployment.site.as_ref().and_then(|id| draft.sites.get(id)) else { continue };
        let id = deployment.id.as_str();
        if cx.has_field("deployment", id, "host")
            && deployment.host != site.jurisdiction
            && let Some(place) = cx.place("deployment", id, "host")
        {
            let problem = place.error("realm.site_elsewhere").arg("host", deployment.host.as_str());
            cx.report(problem.arg("site", site.id.as_str()).arg("jurisdiction", site.jurisdiction.as_str()));
        }
        deployment.host = site.jurisdiction.clone();
    }
}

type Organisations = BTreeMap<OrganisationId, Organisation>;

/// An organisation and its parents up to the last; or the circle it runs into, beginning with its least id.
fn chain<'a>(all: &'a Organisations, id: &OrganisationId) -> Result<Vec<&'a Organisation>, Vec<OrganisationId>> {
    let mut chain: Vec<&Organisation> = Vec::new();
    let mut next = Some(id);
    while let Some(organisation) = next.and_then(|id| all.get(id)) {
        if let Some(begin) = chain.iter().position(|earlier| earlier.id == organisation.id) {
            let mut circle: Vec<_> = chain[begin..].iter().map(|it| it.id.clone()).collect();
            let least = circle.iter().enumerate().min_by_key(|(_, id)| *id).map_or(0, |(place, _)| place);
            circle.rotate_left(least);
            return Err(circle);
        }
        chain.push(organisation);
        next = organisation.parent.as_ref();
    }
    Ok(chain)
}

fn report(cx: &Context, circle: &[OrganisationId]) {
    let Some(place) = circle.first().and_then(|first| cx.place("organisation", first.as_str(), "parent")) else {
        return;
    };
    let names = circle.iter().chain(circle.first()).map(ToString::to_string).collect::<Vec<_>>();
    cx.report(place.error("realm.parent_circle").arg("circle", names.join(" → ")));
}
