//! `freehold explain`: what the rules decide, and why; sends nothing.

use anyhow::Result;
use policy::explain::{Question, explain, targets};
use realm::world::{App, Route, Strategy};
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction, RouteId, World};

use super::Run;
use crate::args::ExplainArgs;
use crate::clock::now;
use crate::ended::Ended;
use crate::known::unknown;
use crate::lang::say;
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: &ExplainArgs) -> Result<Ended> {
    let checked = realms::open(&run.realm)?;
    let world = &checked.snapshot.world;
    let app = world.apps.get(args.app.as_str());
    let app = app.ok_or_else(|| unknown("app", &args.app, &list(world.apps.keys().map(AppId::as_str))))?;
    let purpose = match &args.purpose {
        Some(named) => {
            let known = || unknown("purpose", named, &list(app.purposes.iter().map(String::as_str)));
            app.purposes.iter().find(|p| *p == named).ok_or_else(known)?
        }
        None => &app.purposes[0],
    };
    let user_jurisdiction = args.user_jurisdiction.as_deref().map(Jurisdiction::new);
    let classes: ClassSet = args.class.iter().copied().collect();
    let (located, diffuse) = if args.diffuse { (ClassSet::EMPTY, classes) } else { (classes, ClassSet::EMPTY) };
    let question = Question {
        app: &app.id,
        located,
        diffuse,
        purpose,
        user_jurisdiction: user_jurisdiction.as_ref(),
        date: args.at.unwrap_or_else(|| now().date_in(&world.head.timezone)),
    };
    let explanation = explain(&checked.compiled, question, deployments(world, app, args)?);
    let by_quality = by_quality(world, app, args);
    if run.json {
        let mut value = explanation.to_json();
        value["routes_by_quality"] = serde_json::json!(by_quality);
        output::json(&value)?;
    } else {
        let mut text = explanation.to_text_within(run.lang, output::columns());
        for route in by_quality {
            text.push_str(&format!("\n{}\n", say(run.lang, "explain-by-quality", &[("route", route.to_string())])));
        }
        output::text(&text)?;
    }
    Ok(if explanation.is_permitted_somewhere() { Ended::Done } else { Ended::No })
}

/// The routes in question that rules alone do not open: what they take must have been evaluated well enough, too.
fn by_quality<'a>(world: &'a World, app: &'a App, args: &ExplainArgs) -> Vec<&'a RouteId> {
    let meant = |route: &&Route| args.route.as_ref().is_none_or(|named| route.id.as_str() == named);
    let routes = world.routes_of(app).filter(meant).filter(|_| args.deployment.is_none());
    routes.filter(|route| route.strategy == Strategy::CheapestPassing).map(|route| &route.id).collect()
}

/// Those of the route named, the one named, or all that the app's routes lead to.
fn deployments<'a>(world: &'a World, app: &'a App, args: &ExplainArgs) -> Result<Vec<&'a DeploymentId>> {
    if let Some(named) = &args.deployment {
        let known = || unknown("deployment", named, &list(world.deployments.keys().map(DeploymentId::as_str)));
        return Ok(vec![world.deployments.get(named.as_str()).map(|d| &d.id).ok_or_else(known)?]);
    }
    if let Some(named) = &args.route {
        let found = app.routes.get(named.as_str()).and_then(|id| world.routes.get(id));
        let known = || unknown("route", named, &list(app.routes.iter().map(realm::RouteId::as_str)));
        return Ok(targets(found.ok_or_else(known)?));
    }
    let mut all = Vec::new();
    for route in world.routes_of(app) {
        all.extend(targets(route).into_iter().filter(|id| !all.contains(id)).collect::<Vec<_>>());
    }
    Ok(all)
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect()
}
