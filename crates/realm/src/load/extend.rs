//! A supplier that a checked world does not have, declared as a realm would declare it, and put on routes.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::context::{Context, Item, Place};
use super::diagnostic::{Diagnostic, Severity, Source};
use super::draft::Draft;
use super::nearest::nearest;
use super::table::Table;
use super::{derive, document, link};
use crate::world::{Target, World};
use crate::{DeploymentId, RouteId};

/// What it may declare; `target` puts a deployment on a route: `route`, `deployment`, `priority`, `weight`.
const TABLES: [&str; 5] = ["organisation", "model", "provider", "deployment", "target"];

/// Adds to a world what `[[<name>.organisation]]`, `[[<name>.model]]`, `[[<name>.provider]]` and `[[<name>.deployment]]` of a
/// text declare, and puts deployments on routes by `[[<name>.target]]`. Tables are read as those of a realm are; an id that
/// the world has already is a problem. Where the text has no table of that name, the world stays as it is.
///
/// # Errors
/// Every problem, each with its place in the text.
pub fn extend(world: &World, source: &Arc<Source>, name: &str) -> Result<World, Vec<Diagnostic>> {
    // No table that may stand here asks what day it is.
    let cx = Context::new(jiff::civil::Date::MIN);
    let (document, _) = document::parse(&cx, source);
    let Some(DeValue::Table(added)) = document.get_ref().get(name).map(toml::Spanned::get_ref) else {
        return Ok(world.clone());
    };
    seed(&cx, world);
    let mut draft = Draft {
        blocs: world.blocs.clone(),
        organisations: world.organisations.clone(),
        models: world.models.clone(),
        providers: world.providers.clone(),
        deployments: world.deployments.clone(),
        routes: world.routes.clone(),
        sites: world.sites.clone(),
        ..Draft::default()
    };
    read(&cx, source, added, &mut draft);
    link::ids(&cx);
    link::jurisdictions(&cx, &draft);
    derive::control(&cx, &mut draft);
    derive::places(&cx, &mut draft);
    let problems = cx.problems.into_inner();
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    let Draft { organisations, models, providers, deployments, routes, .. } = draft;
    Ok(World { organisations, models, providers, deployments, routes, ..world.clone() })
}

/// The ids that the world has: what is named resolves, and what is declared a second time is a problem.
fn seed(cx: &Context, world: &World) {
    let source = Arc::new(Source { path: "realm".into(), text: String::new() });
    let mut items = cx.items.borrow_mut();
    let mut known = |kind: &'static str, ids: &mut dyn Iterator<Item = String>| {
        let item = || Item { place: Place { source: Arc::clone(&source), span: 0..0 }, fields: Default::default() };
        items.entry(kind).or_default().extend(ids.map(|id| (id, item())));
    };
    known("sector", &mut world.sectors.keys().map(ToString::to_string));
    known("organisation", &mut world.organisations.keys().map(ToString::to_string));
    known("model", &mut world.models.keys().map(ToString::to_string));
    known("provider", &mut world.providers.keys().map(ToString::to_string));
    known("deployment", &mut world.deployments.keys().map(ToString::to_string));
    known("route", &mut world.routes.keys().map(ToString::to_string));
    known("site", &mut world.sites.keys().map(ToString::to_string));
    known("accelerator", &mut world.accelerators.keys().map(ToString::to_string));
}

fn read<'a>(cx: &'a Context, source: &'a Arc<Source>, added: &'a DeTable<'a>, draft: &mut Draft) {
    let mut targets = Vec::new();
    for (key, value) in added {
        let place = Place { source: Arc::clone(source), span: key.span() };
        let written = key.get_ref().as_ref();
        let Some(name) = TABLES.into_iter().find(|table| *table == written) else {
            let problem = place.error("realm.unknown_table").arg_if("nearest", nearest(written, TABLES));
            cx.report(problem.arg("table", written).arg("tables", TABLES.join(", ")));
            continue;
        };
        let list = value.get_ref().as_array().filter(|list| list.iter().all(|item| item.get_ref().is_table()));
        let Some(list) = list else {
            cx.report(place.error("realm.many_tables").arg("table", name));
            continue;
        };
        for item in list.iter() {
            let DeValue::Table(fields) = item.get_ref() else { continue };
            let table = Table::of(cx, source, name, item.span(), fields);
            match name {
                "target" => targets.extend(target(&table)),
                _ => document::read_table(&table, name, draft),
            }
        }
    }
    targets.into_iter().for_each(|(route, target, place)| put(cx, draft, &route, target, &place));
}

fn target(table: &Table<'_>) -> Option<(RouteId, Target, Place)> {
    let route = table.require("route", table.link("route"));
    let deployment = table.require("deployment", table.link::<DeploymentId>("deployment"));
    let small = |field| table.whole(field, 1..=1000).and_then(|at| u32::try_from(at.value).ok()).unwrap_or(1);
    let (priority, weight) = (small("priority"), small("weight"));
    table.finish();
    let (route, deployment) = (route?, deployment?);
    Some((route.value, Target { deployment: deployment.value, priority, weight }, deployment.place))
}

/// Lowest priority number first, ties in the order written; each deployment once.
fn put(cx: &Context, draft: &mut Draft, route: &RouteId, target: Target, place: &Place) {
    let Some(route) = draft.routes.get_mut(route) else { return };
    if route.targets.iter().any(|earlier| earlier.deployment == target.deployment) {
        let problem = place.error("realm.duplicate_entry").arg("field", "deployment");
        cx.report(problem.arg("entry", target.deployment.to_string()));
        return;
    }
    route.targets.push(target);
    route.targets.sort_by_key(|target| target.priority);
}
