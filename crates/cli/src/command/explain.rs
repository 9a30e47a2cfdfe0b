//! `freehold explain`: what the rules decide, and why; sends nothing.

use anyhow::Result;
use policy::explain::{Question, explain, targets};
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction, World};

use super::Run;
use crate::args::ExplainArgs;
use crate::clock::now;
use crate::ended::Ended;
use crate::known::unknown;
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
    if run.json {
        output::json(&explanation.to_json())?;
    } else {
        output::text(&explanation.to_text_within(run.lang, output::columns()))?;
    }
    Ok(if explanation.is_permitted_somewhere() { Ended::Done } else { Ended::No })
}

/// Those of the route named, the one named, or all that the app's routes lead to.
fn deployments<'a>(world: &'a World, app: &'a realm::world::App, args: &ExplainArgs) -> Result<Vec<&'a DeploymentId>> {
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
