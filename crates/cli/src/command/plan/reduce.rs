//! `freehold plan reduce`: a case of some weeks that stand for a full year.

use ::plan::reduce::{Choice, ReduceError, reduce};
use anyhow::Result;
use serde_json::json;

use super::open;
use crate::args::PlanReduceArgs;
use crate::command::Run;
use crate::ended::{Ended, Problems, unreadable, wrong};
use crate::lang::{path_arg, say};
use crate::output;

pub(super) fn reduce_case(run: &Run, args: &PlanReduceArgs) -> Result<Ended> {
    let case = open(&args.case)?;
    let asked = (args.weeks, usize::from(args.hours), args.seed);
    let choice = reduce(&args.case, &case, asked, &args.out).map_err(refused)?;
    if run.json {
        output::json(&json!({
            "period_hours": choice.period_hours,
            "kept": choice.kept,
            "times": times(&choice),
            "order": choice.order,
            "peak": choice.peak,
            "demand_ratio": choice.demand_ratio,
        }))?;
        return Ok(Ended::Done);
    }
    let mut text = String::new();
    for (kept, times) in choice.kept.iter().zip(times(&choice)) {
        let key = if *kept == choice.peak { "plan-reduced-peak" } else { "plan-reduced-period" };
        let said = say(run.lang, key, &[("number", (kept + 1).to_string()), ("times", times.to_string())]);
        text.push_str(&format!("{said}\n"));
    }
    let off = format!("{:+.2}", 100.0 * (choice.demand_ratio - 1.0));
    text.push_str(&format!("{}\n", say(run.lang, "plan-reduced-demand", &[("off", off)])));
    text.push_str(&format!("{}\n", say(run.lang, "plan-written", &[path_arg(&args.out)])));
    output::text(&text)?;
    Ok(Ended::Done)
}

/// For how many periods of the year each kept one stands.
fn times(choice: &Choice) -> Vec<usize> {
    (0..choice.kept.len()).map(|at| choice.order.iter().filter(|it| **it == at).count()).collect()
}

fn refused(error: ReduceError) -> anyhow::Error {
    match error {
        ReduceError::Blocks => wrong("plan-reduce-blocks", &[]),
        ReduceError::Outages(id) => wrong("plan-reduce-outages", &[("id", id)]),
        ReduceError::Count(asked, most) => {
            wrong("plan-reduce-count", &[("asked", asked.to_string()), ("most", most.to_string())])
        }
        ReduceError::Case(problems) => Problems(problems).into(),
        ReduceError::NotEmpty(path) => wrong("plan-not-empty", &[path_arg(&path)]),
        ReduceError::Io(path, error) => unreadable(&path, &error),
    }
}
