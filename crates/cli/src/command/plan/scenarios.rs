//! `freehold plan scenarios`: a case under each of its scenarios, and what it costs to have begun for another.

use ::plan::case::{Case, load_scenarios};
use ::plan::plan::{writable, write_report};
use ::plan::said::other;
use ::plan::scenario::{Compared, Outcome, Progress, Scenario, compare, report};
use ::plan::solve::Options;
use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{failed, open, status};
use crate::args::plan::PlanScenariosArgs;
use crate::command::Run;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, say};
use crate::output;

/// The year before which orders are held: one in which there is something to hold, and something left to decide.
fn before(args: &PlanScenariosArgs, case: &Case) -> Result<i32> {
    let years = &case.years;
    let Some(before) = args.before else {
        return Ok(years.get(1).or(years.first()).map_or(0, |it| it.year));
    };
    let (first, last) = (case.first_order_year + 1, years.last().map_or(case.first_order_year, |it| it.year));
    if before < first || before > last {
        let args = [("found", before.to_string()), ("first", first.to_string()), ("last", last.to_string())];
        return Err(wrong("plan-before-outside", &args));
    }
    Ok(before)
}

pub(crate) fn run(run: &Run, args: &PlanScenariosArgs) -> Result<Ended> {
    if let Some(out) = &args.out {
        writable(out).map_err(failed)?;
    }
    let case = open(&args.case)?;
    let mut scenarios = vec![Scenario::unchanged()];
    scenarios.extend(load_scenarios(&args.case, &case).map_err(Problems)?);
    let before = before(args, &case)?;
    let options = Options { gap: args.gap, time_limit_s: args.limit_s.map(f64::from), ..Options::default() };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let tell = |it: Progress<'_>| eprintln!("{}", progress(run, it));
    let compared = compare(&case, scenarios, (&options, threads), (before, !args.no_regret), &tell);
    let page = report(&case, &compared, run.lang);
    let told = told(&compared);
    if let Some(out) = &args.out {
        let second = report(&case, &compared, other(run.lang));
        write_report(out, "scenarios", [&page, &second], &format!("{told:#}\n")).map_err(failed)?;
    }
    if run.json {
        output::json(&told)?;
    } else {
        let mut text = page.to_text();
        if let Some(out) = &args.out {
            text.push_str(&format!("\n{}\n", say(run.lang, "plan-told", &[path_arg(&out.join("scenarios.html"))])));
        }
        output::text(&text)?;
    }
    let none = compared.outcomes.iter().all(|it| it.plan.is_err());
    Ok(if none { Ended::No } else { Ended::Done })
}

fn progress(run: &Run, it: Progress<'_>) -> String {
    let key = if it.begun_for.is_some() { "plan-scenario-begun" } else { "plan-scenario-solved" };
    let args = [
        ("done", it.done.to_string()),
        ("of", it.of.to_string()),
        ("scenario", it.comes.to_owned()),
        ("first", it.begun_for.unwrap_or_default().to_owned()),
    ];
    say(run.lang, key, &args)
}

/// What programs read: each scenario, and regret by whose first decisions were taken and by what came.
fn told(compared: &Compared) -> Value {
    let id = |at: usize| compared.outcomes[at].scenario.id.clone();
    let count = compared.costs.len();
    let row = |a: usize| -> Map<String, Value> { (0..count).map(|b| (id(b), json!(compared.regret(a, b)))).collect() };
    let regret: Map<String, Value> = (0..count).map(|a| (id(a), Value::Object(row(a)))).collect();
    json!({
        "before": compared.before,
        "gap": compared.gap,
        "scenarios": compared.outcomes.iter().map(outcome).collect::<Vec<_>>(),
        "regret": regret,
    })
}

fn outcome(it: &Outcome) -> Value {
    let status = it.plan.as_ref().map_or_else(|failure| status(*failure), |_| "optimal");
    let plan = it.plan.as_ref().ok();
    json!({
        "id": it.scenario.id,
        "status": status,
        "objective": plan.map(|plan| plan.objective),
        "accelerators": plan.map(|plan| it.accelerators(plan)),
        "power_mw": plan.map(|plan| it.power_mw(plan)),
        "first_year": it.first_year,
    })
}
