//! `freehold check`: every problem of a realm in one run.

use anyhow::Result;
use policy::explain::Matrix;
use realm::load::render;
use serde_json::json;

use super::Run;
use crate::args::CheckArgs;
use crate::ended::{Ended, Shown};
use crate::known::unknown;
use crate::lang::say;
use crate::output;
use crate::realms::{self, Checked};

pub(crate) fn run(run: &Run, args: CheckArgs) -> Result<Ended> {
    let dir = args.dir.clone().unwrap_or_else(|| run.realm.clone());
    realms::there(&dir)?;
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
            let matrix = matrix(&checked, args.app.as_deref())?;
            if run.json {
                output::json(&matrix.to_json())?
            } else {
                output::text(&matrix.to_text(run.lang))?
            }
            Ok(Ended::Done)
        }
        Ok(checked) => {
            if run.json {
                output::json(&json!({
                    "ok": true, "snapshot": checked.snapshot.id, "problems": realms::json(&checked.warnings, run.lang),
                }))?;
            } else {
                eprint!("{}", render(&checked.warnings, run.lang, output::colour()));
                output::text(&format!("{}\n", counts(&checked, run)))?;
            }
            Ok(Ended::Done)
        }
    }
}

/// Who may send what where: of every app, or of one.
fn matrix(checked: &Checked, app: Option<&str>) -> Result<Matrix> {
    let matrix = Matrix::of(&checked.compiled, realms::today());
    let Some(app) = app else { return Ok(matrix) };
    let apps: Vec<&str> = checked.snapshot.world.apps.keys().map(|id| id.as_str()).collect();
    if !apps.contains(&app) {
        return Err(unknown("app", app, &apps));
    }
    Ok(matrix.of_app(app))
}

/// What the realm holds, in two lines.
fn counts(checked: &Checked, run: &Run) -> String {
    let world = &checked.snapshot.world;
    let args = [
        ("name", world.head.name.clone()),
        ("summary", realms::summary(&checked.warnings, run.lang)),
        ("snapshot", checked.snapshot.id.short().to_string()),
        ("organisations", world.organisations.len().to_string()),
        ("apps", world.apps.len().to_string()),
        ("models", world.models.len().to_string()),
        ("deployments", world.deployments.len().to_string()),
        ("routes", world.routes.len().to_string()),
        ("rules", checked.compiled.rules().len().to_string()),
    ];
    say(run.lang, "check-counts", &args)
}
