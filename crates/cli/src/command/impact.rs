//! `freehold impact`: one change followed from recorded requests to machines, megawatts and years.

use ::drill::report::{Drill, Work};
use ::drill::{Impact, Known, Link};
use ::plan::Plan;
use ::plan::case::Case;
use ::plan::check;
use ::plan::solve::{Failure, Options, solve};
use ::plan::why::{Answer, why};
use anyhow::{Context, Result, anyhow};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::Run;
use super::drill::replayed;
use super::plan::{demand, open};
use crate::args::{FromRecords, ImpactArgs};
use crate::ended::Ended;
use crate::lang::tell;
use crate::output;

pub(crate) fn run(run: &Run, args: &ImpactArgs) -> Result<Ended> {
    let report = replayed(run, Some(&args.scenario))?;
    let mut impact = Impact::of(&report);
    if let Some(from) = args.from() {
        match planned(run, &from, &report)? {
            Ok(links) => impact = impact.knowing(links),
            Err(said) => {
                // What is not known ends the chain by its name; no number stands in for it.
                let unknown = |link| Link { link, known: Known::Unknown, before: None, after: None, unit: None };
                impact = impact.knowing(::drill::PLANNED.map(unknown).into());
                eprint!("{said}");
            }
        }
    }
    if run.json {
        output::json(&impact)?;
    } else {
        output::text(&impact.to_text(run.lang))?;
    }
    Ok(Ended::Done)
}

/// What the cheapest plans need, for the work as it was and as it would be; or what nobody declares.
fn planned(run: &Run, from: &FromRecords, report: &Drill) -> Result<Result<Vec<Link>, String>> {
    let place = tempfile::tempdir().context("a place for two cases")?;
    let mut found = Vec::new();
    for (name, work) in [("before", &report.work.before), ("after", &report.work.after)] {
        match figures(run, from, (work, report.work.hours, report.work.first_hour), &place.path().join(name))? {
            Ok(figures) => found.push(figures),
            Err(said) => return Ok(Err(said)),
        }
    }
    let [before, after] = found.as_slice() else { return Err(anyhow!("two plans were made")) };
    Ok(Ok(links(before, after)))
}

/// What one plan comes to in its last year.
struct Figures {
    currency: String,
    /// Accelerators, megawatts that they and their cooling may draw, sites, and the plan's cost; none where there is no plan.
    plan: Option<(f64, f64, f64, f64)>,
    /// The first year from which on everything asked is done.
    first_year: Option<i32>,
}

fn figures(
    run: &Run,
    from: &FromRecords,
    work: (&[Work], u64, u64),
    out: &std::path::Path,
) -> Result<Result<Figures, String>> {
    if let Err(unknown) = demand::put(run, from, &from.case, work, out)? {
        return Ok(Err(demand::unknown_text(run, &unknown)));
    }
    let case = open(out)?;
    eprintln!("{}", tell("impact-solving", &[("case", case.name.clone())]));
    let currency = case.currency.clone();
    let figures = match solve(&case, &Options::default(), &mut |_| ()) {
        Ok(plan) => {
            if let Some(finding) = check::check(&case, &plan).findings.first() {
                return Err(anyhow!(finding.to_text(run.lang)));
            }
            Figures { currency, plan: Some(sums(&case, &plan)), first_year: case.years.first().map(|it| it.year) }
        }
        Err(Failure::Infeasible) => Figures { currency, plan: None, first_year: first_year(run, &case)? },
        Err(failure) => {
            let args = [("case", case.name.clone()), ("number", format!("{failure:?}"))];
            return Err(anyhow!(tell("plan-failed-solver", &args)));
        }
    };
    Ok(Ok(figures))
}

/// Says what is in the way, too.
fn first_year(run: &Run, case: &Case) -> Result<Option<i32>> {
    match why(case, &Options::default()) {
        Ok(Answer::Infeasible(found)) => {
            eprint!("{}", found.to_text(case, run.lang));
            Ok(found.first_year)
        }
        Ok(_) => Ok(None),
        Err(failure) => {
            let args = [("case", case.name.clone()), ("number", format!("{failure:?}"))];
            Err(anyhow!(tell("plan-failed-solver", &args)))
        }
    }
}

fn sums(case: &Case, plan: &Plan) -> (f64, f64, f64, f64) {
    let last = case.years.len() - 1;
    let (mut units, mut power_mw, mut sites) = (0.0, 0.0, 0.0);
    for (at, site) in case.sites.iter().enumerate() {
        let mut here = 0.0;
        for (kind, accelerator) in case.accelerators.iter().enumerate() {
            let standing = plan.units_standing(case, kind, at, last);
            here += standing;
            power_mw += standing * accelerator.power_w / 1e6 * site.pue.highest(last, case.hours.count());
        }
        units += here;
        sites += f64::from(u8::from(here >= 0.5));
    }
    (units, power_mw, sites, plan.objective)
}

fn links(before: &Figures, after: &Figures) -> Vec<Link> {
    let known = if before.plan.is_some() && after.plan.is_some() { Known::Planned } else { Known::NoPlan };
    let link = |link, of: fn(&(f64, f64, f64, f64)) -> f64, digits, unit: Option<&str>| {
        let figure = |figures: &Figures| {
            let value = Decimal::from_f64(of(figures.plan.as_ref()?))?;
            Some(value.round_dp(digits).normalize())
        };
        Link { link, known, before: figure(before), after: figure(after), unit: unit.map(str::to_owned) }
    };
    vec![
        link("accelerators", |it| it.0, 0, None),
        link("power", |it| it.1, 3, Some("MW")),
        link("sites", |it| it.2, 0, None),
        link("plan-cost", |it| it.3, 0, Some(&before.currency)),
        Link {
            link: "first-year",
            known,
            before: before.first_year.map(Decimal::from),
            after: after.first_year.map(Decimal::from),
            unit: None,
        },
    ]
}
