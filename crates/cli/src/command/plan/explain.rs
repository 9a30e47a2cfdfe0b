//! `freehold plan explain`: why a case has no plan.

use ::plan::solve::Options;
use ::plan::why::{Answer, InConflict, Why, conflict, conflict_text, why};
use anyhow::Result;
use serde_json::json;

use super::{failed_to_solve, open};
use crate::args::PlanExplainArgs;
use crate::command::Run;
use crate::ended::Ended;
use crate::lang::say;
use crate::output;

pub(super) fn explain(run: &Run, args: &PlanExplainArgs) -> Result<Ended> {
    let case = open(&args.case)?;
    let options = Options { time_limit_s: args.limit_s.map(f64::from), ..Options::default() };
    let failed = |failure| failed_to_solve(run, &case, failure);
    let answer = why(&case, &options).map_err(failed)?;
    let (status, found): (&str, Option<&Why>) = match &answer {
        Answer::Feasible => ("feasible", None),
        Answer::Modules => ("modules", None),
        Answer::Infeasible(found) => ("infeasible", Some(found)),
        Answer::Conflict(_) => ("conflict", None),
    };
    let rows: Option<Vec<InConflict>> = match answer.clone() {
        Answer::Conflict(found) => Some(found),
        _ if args.iis => Some(conflict(&case, &options).map_err(failed)?),
        _ => None,
    };
    if run.json {
        output::json(&json!({ "status": status, "why": found, "conflict": rows }))?;
    } else {
        let mut text = found.map_or_else(
            || format!("{}\n", say(run.lang, &format!("plan-explained-{status}"), &[])),
            |found| found.to_text(&case, run.lang),
        );
        text.extend(rows.iter().map(|rows| conflict_text(rows, run.lang)));
        output::text(&text)?;
    }
    Ok(if status == "feasible" { Ended::Done } else { Ended::No })
}
