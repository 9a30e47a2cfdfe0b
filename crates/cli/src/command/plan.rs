//! `freehold plan`: solves cases of sites, accelerators and energy, checks plans, says why there is none.

pub(crate) mod demand;
mod diff;
mod explain;
mod reduce;
mod scenarios;
mod start;
mod stock;

use std::path::{Path, PathBuf};
use std::time::Instant;

use ::plan::case::{Case, load};
use ::plan::plan::{PlanError, Telling, read, writable, write_told};
use ::plan::pypsa::{ImportError, import_into};
use ::plan::said::{report as told, totals, write_pages};
use ::plan::solve::{Failure, Method, Options, Step, solve};
use ::plan::{Plan, check};
use anyhow::Result;
use serde_json::{Value, json};

use super::Run;
use crate::args::plan::PlanShowArgs;
use crate::args::{PlanCommand, PlanSolveArgs, Solver};
use crate::ended::{Ended, Problems, unreadable, wrong};
use crate::lang::{path_arg, say};
use crate::output;

pub(crate) fn run(run: &Run, command: PlanCommand) -> Result<Ended> {
    match command {
        PlanCommand::Start(args) => start::run(run, &args),
        PlanCommand::Stock { case } => stock::run(run, &case),
        PlanCommand::Demand(args) => demand::run(run, &args),
        PlanCommand::Solve(args) => solve_case(run, &args),
        PlanCommand::Check { dir } => check_plan(run, &dir),
        PlanCommand::Show(args) => show(run, &args),
        PlanCommand::Scenarios(args) => scenarios::run(run, &args),
        PlanCommand::Diff(args) => diff::run(run, &args),
        PlanCommand::Explain(args) => explain::explain(run, &args),
        PlanCommand::Reduce(args) => reduce::reduce_case(run, &args),
        PlanCommand::Pypsa { dir, out, currency } => pypsa(run, &dir, &currency, &out),
    }
}

pub(crate) fn open(dir: &Path) -> Result<Case> {
    load(dir).map_err(|problems| Problems(problems).into())
}

pub(crate) fn failed(error: PlanError) -> anyhow::Error {
    match error {
        PlanError::NotEmpty(path) => wrong("plan-not-empty", &[path_arg(&path)]),
        PlanError::Io(path, error) => unreadable(&path, &error),
        PlanError::Form(path, why) => wrong("cannot-read-why", &[path_arg(&path), ("why", why)]),
    }
}

fn options(args: &PlanSolveArgs) -> Options {
    let method = match args.solver {
        Solver::Auto => Method::Auto,
        Solver::Simplex => Method::Simplex,
        Solver::Ipm => Method::Ipm,
        Solver::Hipo => Method::Hipo,
    };
    let time_limit_s = args.limit_s.map(f64::from);
    Options { method, crossover: args.crossover, gap: args.gap, time_limit_s, hipo: hipo(), ..Options::default() }
}

/// Where HiPO's library lies beside the program; none: wherever the system's loader looks.
fn hipo() -> Option<PathBuf> {
    let dir = std::env::current_exe().ok()?.parent()?.to_owned();
    dir.join("libhighs_extras.so").is_file().then_some(dir)
}

fn solve_case(run: &Run, args: &PlanSolveArgs) -> Result<Ended> {
    if let Some(out) = &args.out {
        writable(out).map_err(failed)?;
    }
    let begun = Instant::now();
    let case = open(&args.case)?;
    let tell = &mut |step: Step| eprintln!("{}", step_text(run, step));
    let plan = match solve(&case, &options(args), tell) {
        Ok(plan) => plan,
        Err(failure) => return no_plan(run, args, &case, failure, begun),
    };
    let checked = check::check(&case, &plan);
    if let Some(finding) = checked.findings.first() {
        // A plan that does not hold is never written.
        return Err(anyhow::anyhow!(tell_finding(run, finding)));
    }
    if let Some(out) = &args.out {
        let telling = Telling { lang: run.lang, parquet: args.parquet };
        write_told(&args.case, &case, &plan, telling, out).map_err(failed)?;
    }
    if run.json {
        output::json(&summary(&case, &plan, begun))?;
    } else {
        output::text(&report(run, &case, &plan, args.out.as_ref()))?;
    }
    Ok(Ended::Done)
}

fn summary(case: &Case, plan: &Plan, begun: Instant) -> Value {
    json!({
        "status": "optimal",
        "objective": plan.objective,
        "currency": case.currency,
        "gap": plan.gap(),
        "loss": plan.loss_discounted(case),
        "unserved": plan.unmet(case),
        "seconds": begun.elapsed().as_secs_f64(),
        "peak_rss_mb": peak_rss_mb(),
    })
}

fn no_plan(run: &Run, args: &PlanSolveArgs, case: &Case, failure: Failure, begun: Instant) -> Result<Ended> {
    let status = status(failure);
    let message = if failure == Failure::Infeasible {
        say(run.lang, "plan-infeasible", &[("case", args.case.display().to_string())])
    } else {
        failed_to_solve(run, case, failure).to_string()
    };
    eprintln!("{message}");
    if run.json {
        let seconds = begun.elapsed().as_secs_f64();
        let peak_rss_mb = peak_rss_mb();
        output::json(&json!({ "status": status, "message": message, "seconds": seconds, "peak_rss_mb": peak_rss_mb }))?;
    }
    Ok(if failure == Failure::Infeasible { Ended::No } else { Ended::Untold })
}

/// A word for programs.
fn status(failure: Failure) -> &'static str {
    match failure {
        Failure::Infeasible => "infeasible",
        Failure::Unbounded => "unbounded",
        Failure::TimeLimit => "time_limit",
        Failure::TooLarge => "too_large",
        Failure::NoHipo => "no_hipo",
        Failure::Solver(_) => "solver",
    }
}

/// What to say where the solver gave no answer.
fn failed_to_solve(run: &Run, case: &Case, failure: Failure) -> anyhow::Error {
    let number = if let Failure::Solver(number) = failure { number.to_string() } else { String::new() };
    let args = [("case", case.name.of(run.lang).to_owned()), ("number", number)];
    anyhow::anyhow!(say(run.lang, &format!("plan-failed-{}", status(failure)), &args))
}

fn step_text(run: &Run, step: Step) -> String {
    match step {
        Step::Built { columns, rows, entries, range } => {
            let args = [
                ("columns", columns.to_string()),
                ("rows", rows.to_string()),
                ("entries", entries.to_string()),
                ("least", format!("{:.0e}", range.0)),
                ("most", format!("{:.0e}", range.1)),
            ];
            say(run.lang, "plan-built", &args)
        }
        Step::Solving { relaxed, interior } => {
            let method = if interior { "ipm" } else { "simplex" };
            let key = if relaxed { "plan-solving-relaxed" } else { "plan-solving" };
            say(run.lang, key, &[("method", method.to_owned())])
        }
    }
}

/// The plan in a few lines, and where all of it is told.
fn report(run: &Run, case: &Case, plan: &Plan, out: Option<&PathBuf>) -> String {
    let mut lines = totals(case, plan, run.lang);
    if let Some(out) = out {
        lines.push(say(run.lang, "plan-written", &[path_arg(out)]));
        lines.push(say(run.lang, "plan-told", &[path_arg(&out.join("plan.html"))]));
    }
    lines.join("\n") + "\n"
}

/// Tells a plan that was written: as text, or its pages anew.
fn show(run: &Run, args: &PlanShowArgs) -> Result<Ended> {
    let case = open(&args.dir.join("case"))?;
    let plan = read(&case, &args.dir).map_err(failed)?;
    if args.write {
        write_pages(&case, &plan, run.lang, &args.dir).map_err(failed)?;
    }
    if run.json {
        output::json(&told(&case, &plan, run.lang))?;
    } else if args.write {
        let page = args.dir.join("plan.html");
        output::text(&format!("{}\n", say(run.lang, "plan-told", &[path_arg(&page)])))?;
    } else {
        output::text(&told(&case, &plan, run.lang).to_text())?;
    }
    Ok(Ended::Done)
}

fn tell_finding(run: &Run, finding: &check::Finding) -> String {
    finding.to_text(run.lang)
}

fn check_plan(run: &Run, dir: &Path) -> Result<Ended> {
    let case = open(&dir.join("case"))?;
    let plan = read(&case, dir).map_err(failed)?;
    let checked = check::check(&case, &plan);
    if run.json {
        let holds = checked.findings.is_empty();
        output::json(&json!({
            "holds": holds,
            "objective": checked.objective,
            "conditions": checked.conditions,
            "findings": checked.findings,
        }))?;
    } else {
        let args = [("count", checked.conditions.to_string()), ("findings", checked.findings.len().to_string())];
        let mut text =
            say(run.lang, if checked.findings.is_empty() { "plan-holds" } else { "plan-does-not-hold" }, &args);
        text.push('\n');
        for finding in &checked.findings {
            text.push_str(&format!("  - {}\n", tell_finding(run, finding)));
        }
        output::text(&text)?;
    }
    Ok(if checked.findings.is_empty() { Ended::Done } else { Ended::No })
}

fn pypsa(run: &Run, dir: &Path, currency: &str, out: &Path) -> Result<Ended> {
    let refused = match import_into(dir, currency, out) {
        Ok(()) => {
            output::text(&format!("{}\n", say(run.lang, "plan-written", &[path_arg(out)])))?;
            return Ok(Ended::Done);
        }
        Err(ImportError::Refused(refused)) => refused,
        Err(ImportError::Case(problems)) => return Err(Problems(problems).into()),
        Err(ImportError::NotEmpty(path)) => return Err(wrong("plan-not-empty", &[path_arg(&path)])),
        Err(ImportError::Io(path, error)) => return Err(unreadable(&path, &error)),
    };
    let lines = refused.iter().map(|it| {
        let args = [
            ("place", format!("{}:{}", it.file, it.line)),
            ("name", it.name.clone()),
            ("field", it.field.clone()),
            ("found", it.found.clone()),
        ];
        format!("\n  - {}", say(run.lang, "plan-pypsa-cannot", &args))
    });
    Err(wrong("plan-pypsa-refused", &[("lines", lines.collect())]))
}

/// Most memory that this process has held.
fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|it| it.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kb.map_or(0.0, |kb| kb * 1024.0 / 1e6)
}
