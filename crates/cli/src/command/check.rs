//! `freehold check`: every problem of a realm in one run.

use anyhow::Result;
use realm::load::render;
use serde_json::json;

use super::Run;
use crate::args::CheckArgs;
use crate::ended::{Ended, Shown};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: CheckArgs) -> Result<Ended> {
    let dir = args.dir.unwrap_or_else(|| run.realm.clone());
    match realms::check(&dir) {
        Err(problems) => {
            if run.json {
                output::json(&json!({ "ok": false, "problems": realms::json(&problems, run.lang) }))?;
            } else {
                eprint!("{}", render(&problems, run.lang, output::colour()));
                eprintln!("{}", realms::summary(&problems, run.lang));
            }
            Err(Shown.into())
        }
        Ok(checked) if args.matrix => {
            let matrix = policy::explain::Matrix::of(&checked.compiled, realms::today());
            if run.json {
                output::json(&matrix.to_json())?
            } else {
                output::text(&matrix.to_text(run.lang))?
            }
            Ok(Ended::Done)
        }
        Ok(checked) => {
            let world = &checked.snapshot.world;
            if run.json {
                output::json(&json!({
                    "ok": true, "snapshot": checked.snapshot.id, "problems": realms::json(&checked.warnings, run.lang),
                }))?;
            } else {
                eprint!("{}", render(&checked.warnings, run.lang, output::colour()));
                output::text(&format!(
                    "{}: {}\nsnapshot {}: {} organisations, {} apps, {} models, {} deployments, {} routes, {} rules\n",
                    world.head.name,
                    realms::summary(&checked.warnings, run.lang),
                    checked.snapshot.id.short(),
                    world.organisations.len(),
                    world.apps.len(),
                    world.models.len(),
                    world.deployments.len(),
                    world.routes.len(),
                    checked.compiled.rules().len(),
                ))?;
            }
            Ok(Ended::Done)
        }
    }
}
