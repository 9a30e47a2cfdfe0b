//! Whom a suite is put to, by what a client may name.

use anyhow::Result;
use realm::world::{App, Route};
use realm::{DeploymentId, World};

use crate::args::EvalRunArgs;
use crate::ended::wrong;
use crate::known::unknown;

/// Whom a suite is put to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// What stands in `model`.
    pub(super) model: String,
    /// By which route it leads there.
    pub(super) route: String,
    /// The only deployment whose answers count; none: whichever the route leads to.
    pub(super) deployment: Option<DeploymentId>,
}

impl Target {
    /// What the command line names.
    ///
    /// # Errors
    /// The realm or the app has no such thing; or nothing that the app may name leads to that deployment alone.
    pub(super) fn of(world: &World, app: &App, args: &EvalRunArgs) -> Result<Self> {
        if let Some(named) = &args.route {
            return Self::route(app, named);
        }
        let named = args.deployment.as_deref().unwrap_or_default();
        let known: Vec<&str> = world.deployments.keys().map(DeploymentId::as_str).collect();
        let Some(id) = world.deployments.keys().find(|id| id.as_str() == named) else {
            return Err(unknown("deployment", named, &known));
        };
        let routes: Vec<&Route> = world.routes_of(app).filter(|route| leads(route, id)).collect();
        if let Some(alone) = routes.iter().find(|route| route.targets.len() == 1) {
            let route = alone.id.to_string();
            return Ok(Self { model: route.clone(), route, deployment: Some(id.clone()) });
        }
        Self::by_model(world, app, id, &routes).ok_or_else(|| {
            let args = [("id", named.to_owned()), ("app", app.id.to_string())];
            wrong("eval-not-alone", &args)
        })
    }

    pub(super) fn route(app: &App, named: &str) -> Result<Self> {
        if !app.routes.contains(named) {
            let known: Vec<&str> = app.routes.iter().map(|route| route.as_str()).collect();
            return Err(unknown("route", named, &known));
        }
        Ok(Self { model: named.to_owned(), route: named.to_owned(), deployment: None })
    }

    /// By the model's own name, where no route of the app leads to that model elsewhere.
    fn by_model(world: &World, app: &App, id: &DeploymentId, routes: &[&Route]) -> Option<Self> {
        let model = &world.deployments.get(id)?.model;
        let serves = |other: &DeploymentId| world.deployments.get(other).is_some_and(|it| it.model == *model);
        let elsewhere = |route: &Route| route.targets.iter().any(|it| it.deployment != *id && serves(&it.deployment));
        if app.routes.contains(model.as_str()) || world.routes_of(app).any(elsewhere) {
            return None;
        }
        let route = routes.first()?.id.to_string();
        Some(Self { model: model.to_string(), route, deployment: Some(id.clone()) })
    }
}

fn leads(route: &Route, to: &DeploymentId) -> bool {
    route.targets.iter().any(|target| target.deployment == *to)
}
