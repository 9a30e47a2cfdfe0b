//! `freehold explain`: what the rules decide, and why; sends nothing.

use anyhow::Result;
use policy::explain::{Question, explain, targets};
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction, World};

use super::Run;
use crate::args::ExplainArgs;
use crate::clock::now;
use crate::ended::{Ended, Wrong};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: &ExplainArgs) -> Result<Ended> {
    let checked = realms::open(&run.realm, run.lang)?;
    let world = &checked.snapshot.world;
    let app = known("app", &args.app, world.apps.keys().map(AppId::as_str), world.apps.get(args.app.as_str()))?;
    let purpose = match &args.purpose {
        Some(named) => {
            known("purpose", named, app.purposes.iter().map(String::as_str), app.purposes.iter().find(|p| *p == named))?
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
        output::text(&explanation.to_text(run.lang))?;
    }
    Ok(if explanation.is_permitted_somewhere() { Ended::Done } else { Ended::No })
}

/// Those of the route named, the one named, or all that the app's routes lead to.
fn deployments<'a>(world: &'a World, app: &'a realm::world::App, args: &ExplainArgs) -> Result<Vec<&'a DeploymentId>> {
    if let Some(named) = &args.deployment {
        let found = world.deployments.get(named.as_str()).map(|d| &d.id);
        return Ok(vec![known("deployment", named, world.deployments.keys().map(DeploymentId::as_str), found)?]);
    }
    if let Some(named) = &args.route {
        let names = app.routes.iter().map(realm::RouteId::as_str);
        let found = app.routes.get(named.as_str()).and_then(|id| world.routes.get(id));
        return Ok(targets(known("route of the app", named, names, found)?));
    }
    let mut all = Vec::new();
    for route in world.routes_of(app) {
        all.extend(targets(route).into_iter().filter(|id| !all.contains(id)).collect::<Vec<_>>());
    }
    Ok(all)
}

fn known<'a, T>(kind: &str, named: &str, names: impl Iterator<Item = &'a str>, found: Option<T>) -> Result<T> {
    found.ok_or_else(|| {
        let names: Vec<&str> = names.collect();
        Wrong(format!("no {kind} `{named}`: there are {}", names.join(", "))).into()
    })
}
