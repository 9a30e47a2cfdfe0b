//! What the name in `model` means: a route of the app, or a model that the app's routes lead to.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use realm::world::{App, Route};
use realm::{ModelId, World};

/// A name resolved.
pub(crate) struct Named<'e> {
    /// The route that is taken: its limits count, and records name it.
    pub(crate) route: &'e Route,
    /// The only model that may answer, where a model was named.
    pub(crate) model: Option<&'e ModelId>,
}

/// Resolves a name for an app; none where it is no route of the app and no model behind one.
///
/// A route's name goes first; the realm's check makes sure that a route called like a model leads to that model only. A
/// model is asked for by the route of the app that leads to most deployments of it, the first by name among equals: one
/// route, so that one route's limits and budget are what the request is held to.
pub(crate) fn resolve<'e>(world: &'e World, app: &'e App, name: &str) -> Option<Named<'e>> {
    if let Some(route) = app.routes.get(name).and_then(|id| world.routes.get(id)) {
        return Some(Named { route, model: None });
    }
    let model = &world.models.get(name)?.id;
    let ways = |route: &&Route| models(world, route).filter(|served| *served == model).count();
    let route = world.routes_of(app).filter(|route| ways(route) > 0).min_by_key(|route| Reverse(ways(route)))?;
    Some(Named { route, model: Some(model) })
}

/// The models that an app may name: those that its routes lead to, but for names that a route of its has.
pub(crate) fn models_of<'e>(world: &'e World, app: &'e App) -> BTreeSet<&'e ModelId> {
    let all = world.routes_of(app).flat_map(|route| models(world, route));
    all.filter(|model| !app.routes.contains(model.as_str())).collect()
}

/// The model of each deployment of a route.
fn models<'e>(world: &'e World, route: &'e Route) -> impl Iterator<Item = &'e ModelId> {
    route.targets.iter().filter_map(|target| world.deployments.get(&target.deployment)).map(|found| &found.model)
}
