//! What cannot be seen in one table: routes and what they lead to, and what nothing leads to.

use std::collections::BTreeSet;

use super::context::Context;
use super::draft::Draft;
use crate::DeploymentId;
use crate::world::{Content, ModelKind, Protocol, Route};

/// Every check across tables.
pub(super) fn all(cx: &Context, draft: &Draft) {
    for route in draft.routes.values() {
        one_kind(cx, draft, route);
        honest_name(cx, draft, route);
    }
    unreachable_routes(cx, draft);
    unused_deployments(cx, draft);
    weights(cx, draft);
    sealable(cx, draft);
    detectors_at_home(cx, draft);
    few_indicators(cx, draft);
}

/// By how many figures a programme can be steered.
const INDICATORS_MAX: usize = 10;

fn few_indicators(cx: &Context, draft: &Draft) {
    let count = draft.indicators.len();
    let beyond = draft.indicators.keys().nth(INDICATORS_MAX);
    if let Some(place) = beyond.and_then(|id| cx.place("indicator", id.as_str(), "id")) {
        cx.report(place.error("realm.too_many_indicators").arg("count", count.to_string()));
    }
}

/// What is to be sealed needs the organisation's key: without it nothing would be kept, and nobody would notice.
fn sealable(cx: &Context, draft: &Draft) {
    let Some(head) = &draft.head else { return };
    let mut told = BTreeSet::new();
    for app in draft.apps.values().filter(|app| app.content.unwrap_or(head.content) == Content::Encrypted) {
        let Some(organisation) = draft.organisations.get(&app.organisation) else { continue };
        // A key that could not be read has a problem of its own.
        let written = cx.has_field("organisation", organisation.id.as_str(), "content_key");
        if organisation.content.is_some() || written || !told.insert(&app.organisation) {
            continue;
        }
        if let Some(place) = cx.place("organisation", organisation.id.as_str(), "id") {
            let problem = place.error("realm.content_without_key").arg("app", app.id.as_str());
            cx.report(problem.arg("organisation", organisation.id.as_str()));
        }
    }
}

fn kind_of(draft: &Draft, deployment: &DeploymentId) -> Option<ModelKind> {
    let deployment = draft.deployments.get(deployment)?;
    draft.models.get(&deployment.model).map(|model| model.kind)
}

/// A route answers messages or embeds text, not both.
fn one_kind(cx: &Context, draft: &Draft, route: &Route) {
    let kinds: Vec<_> =
        route.targets.iter().filter_map(|it| Some((&it.deployment, kind_of(draft, &it.deployment)?))).collect();
    let Some((first, kind)) = kinds.first() else { return };
    let Some((other, other_kind)) = kinds.iter().find(|(_, it)| it != kind) else { return };
    let Some(place) = cx.place("route", route.id.as_str(), "deployments") else { return };
    let problem = place.error("realm.mixed_kinds").arg("route", route.id.as_str());
    let problem = problem.arg("first", first.as_str()).arg("first_kind", kind.as_str());
    cx.report(problem.arg("other", other.as_str()).arg("other_kind", other_kind.as_str()));
}

/// A route called like a model leads to that model only.
fn honest_name(cx: &Context, draft: &Draft, route: &Route) {
    if !draft.models.contains_key(route.id.as_str()) {
        return;
    }
    let other = route.targets.iter().find_map(|target| {
        let deployment = draft.deployments.get(&target.deployment)?;
        (deployment.model.as_str() != route.id.as_str()).then_some(deployment)
    });
    let place = cx.place("route", route.id.as_str(), "id");
    if let (Some(other), Some(place)) = (other, place) {
        let problem = place.error("realm.misleading_route").arg("route", route.id.as_str());
        cx.report(problem.arg("deployment", other.id.as_str()).arg("model", other.model.as_str()));
    }
}

fn unreachable_routes(cx: &Context, draft: &Draft) {
    // An app that could not be read may name any of them; its own problem is said.
    if cx.ids("app").len() > draft.apps.len() {
        return;
    }
    let named: BTreeSet<_> = draft.apps.values().flat_map(|app| &app.routes).collect();
    for id in draft.routes.keys().filter(|id| !named.contains(id)) {
        if let Some(place) = cx.place("route", id.as_str(), "id") {
            cx.report(place.warning("realm.unreachable_route").arg("route", id.as_str()));
        }
    }
}

fn unused_deployments(cx: &Context, draft: &Draft) {
    if cx.ids("route").len() > draft.routes.len() {
        return;
    }
    let named: BTreeSet<_> = draft.routes.values().flat_map(|route| &route.targets).map(|it| &it.deployment).collect();
    for id in draft.deployments.keys().filter(|id| !named.contains(id)) {
        if let Some(place) = cx.place("deployment", id.as_str(), "id") {
            cx.report(place.warning("realm.unused_deployment").arg("deployment", id.as_str()));
        }
    }
}

/// The embedded engine runs a file; nobody else is given one.
fn weights(cx: &Context, draft: &Draft) {
    for deployment in draft.deployments.values() {
        let Some(provider) = draft.providers.get(&deployment.provider) else { continue };
        let embedded = provider.protocol == Protocol::Embedded;
        let code = match (embedded, deployment.weights_file.is_some()) {
            (true, false) => "realm.missing_weights",
            (false, true) => "realm.spare_weights",
            _ => continue,
        };
        if let Some(place) = cx.place("deployment", deployment.id.as_str(), "weights_file") {
            let problem = place.error(code).arg("deployment", deployment.id.as_str());
            cx.report(problem.arg("provider", provider.id.as_str()));
        }
    }
}

/// A detector sees every text before a rule could keep it from anybody.
fn detectors_at_home(cx: &Context, draft: &Draft) {
    let Some(head) = &draft.head else { return };
    for detector in draft.detectors.values().filter(|detector| detector.host != head.home) {
        if let Some(place) = cx.place("detector", detector.id.as_str(), "host") {
            let problem = place.error("realm.detector_abroad").arg("host", detector.host.as_str());
            cx.report(problem.arg("home", head.home.as_str()));
        }
    }
}
