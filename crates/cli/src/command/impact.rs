//! `freehold impact`: one change followed from recorded requests to machines, megawatts and years.

use ::drill::report::{Drill, Work};
use ::drill::{Change, FORECAST, Impact, Known, Link};
use ::forecast::Difference;
use ::forecast::contract::Span;
use ::forecast::sensitivity::Estimate;
use ::plan::Plan;
use ::plan::case::Case;
use ::plan::check;
use ::plan::solve::{Failure, Options, solve};
use ::plan::why::{Answer, why};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::Run;
use super::drill::replayed;
use super::forecast::between;
use super::forecast::delay::capacity;
use super::plan::{demand, open};
use crate::args::{DrawArgs, FromRecords, ImpactArgs};
use crate::ended::Ended;
use crate::lang::tell;
use crate::output;

pub(crate) fn run(run: &Run, args: &ImpactArgs) -> Result<Ended> {
    let report = replayed(run, Some(&args.scenario))?;
    let mut impact = Impact::of(&report);
    if let Some(from) = args.from() {
        match planned(run, &from, args.forecast.as_deref(), &report)? {
            Ok(links) => impact = impact.knowing(links),
            Err(said) => {
                // What is not known ends the chain by its name; no number stands in for it.
                let forecast = FORECAST.into_iter().filter(|_| args.forecast.is_some());
                let ended = ::drill::PLANNED.into_iter().chain(forecast);
                impact = impact.knowing(ended.map(|link| Link::without(link, Known::Unknown)).collect());
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
fn planned(run: &Run, from: &FromRecords, model: Option<&Path>, report: &Drill) -> Result<Result<Vec<Link>, String>> {
    let place = tempfile::tempdir().context("a place for two cases")?;
    let mut found = Vec::new();
    for (name, work) in [("before", &report.work.before), ("after", &report.work.after)] {
        match figures(run, from, (work, report.work.hours, report.work.first_hour), &place.path().join(name))? {
            Ok(figures) => found.push(figures),
            Err(said) => return Ok(Err(said)),
        }
    }
    let [before, after] = found.as_slice() else { return Err(anyhow!("two plans were made")) };
    let mut links = links(before, after);
    if let Some(model) = model {
        links.extend(forecast(model, before, after)?);
    }
    Ok(Ok(links))
}

/// What one plan comes to in its last year.
struct Figures {
    currency: String,
    /// Training that initiatives declare, in PFLOP-hours.
    training: f64,
    /// Accelerators, megawatts that they and their cooling may draw, sites, and the plan's cost; none where there is no plan.
    plan: Option<(f64, f64, f64, f64)>,
    /// The first year from which on everything asked is done.
    first_year: Option<i32>,
    /// The plan's table of capacity; none where there is no plan.
    capacity: Option<String>,
}

fn figures(
    run: &Run,
    from: &FromRecords,
    work: (&[Work], u64, u64),
    out: &std::path::Path,
) -> Result<Result<Figures, String>> {
    let training = match demand::put(run, from, &from.case, work, out)? {
        Ok(demand) => demand.training.iter().map(|it| it.pflop_hours).sum(),
        Err(unknown) => return Ok(Err(demand::unknown_text(run, &unknown))),
    };
    let case = open(out)?;
    eprintln!("{}", tell("impact-solving", &[("case", case.name.of(run.lang).to_owned())]));
    let currency = case.currency.clone();
    let figures = match solve(&case, &Options::default(), &mut |_| ()) {
        Ok(plan) => {
            if let Some(finding) = check::check(&case, &plan).findings.first() {
                return Err(anyhow!(finding.to_text(run.lang)));
            }
            let first_year = case.years.first().map(|it| it.year);
            let capacity = Some(capacity(out, &case, &plan)?);
            Figures { currency, training, plan: Some(sums(&case, &plan)), first_year, capacity }
        }
        Err(Failure::Infeasible) => {
            Figures { currency, training, plan: None, first_year: first_year(run, &case)?, capacity: None }
        }
        Err(failure) => {
            let args = [("case", case.name.of(run.lang).to_owned()), ("number", format!("{failure:?}"))];
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
            let args = [("case", case.name.of(run.lang).to_owned()), ("number", format!("{failure:?}"))];
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
        let (before, after, unit) = (figure(before), figure(after), unit.map(str::to_owned));
        Link { before, after, unit, ..Link::without(link, known) }
    };
    let training = |figures: &Figures| Decimal::from_f64(figures.training).map(|it| it.round_dp(0));
    vec![
        Link {
            before: training(before),
            after: training(after),
            unit: Some("PFLOP·h".to_owned()),
            ..Link::without("training", Known::Stated)
        },
        link("accelerators", |it| it.0, 0, None),
        link("power", |it| it.1, 3, Some("MW")),
        link("sites", |it| it.2, 0, None),
        link("plan-cost", |it| it.3, 0, Some(&before.currency)),
        Link {
            before: before.first_year.map(Decimal::from),
            after: after.first_year.map(Decimal::from),
            ..Link::without("first-year", known)
        },
    ]
}

/// What a forecast makes of both plans' capacity, drawn alike; unknown where one of them does not exist.
fn forecast(model: &Path, before: &Figures, after: &Figures) -> Result<Vec<Link>> {
    let (Some(before), Some(after)) = (&before.capacity, &after.capacity) else {
        return Ok(FORECAST.map(|link| Link::without(link, Known::Unknown)).into());
    };
    Ok(forecast_links(&between((model, &[], DrawArgs::default()), before, after)?))
}

fn forecast_links(it: &Difference) -> Vec<Link> {
    let decimal = |value: f64, digits| Decimal::from_f64(value).map(|it| it.round_dp(digits).normalize());
    let of = |link, [before, after, change]: [Estimate; 3], (times, digits): (f64, u32), unit: &str| {
        let at = |value: f64| decimal(value * times, digits);
        let change = (at(change.value), at(change.low), at(change.high));
        let (Some(value), Some(low), Some(high)) = change else { return Link::without(link, Known::Unknown) };
        let (before, after) = (at(before.value), at(after.value));
        let change = Some(Change { value, low, high });
        Link { before, after, change, unit: Some(unit.to_owned()), ..Link::without(link, Known::Forecast) }
    };
    let mut links = Vec::new();
    for reading in &it.readings {
        let (chance, value) = match reading.span {
            Span::Cumulative => ("chance-cumulative", "value-cumulative"),
            Span::Annual | Span::Unstated => ("chance-annual", "value-annual"),
        };
        // A digit more than the error of so many draws.
        links.push(of(chance, [reading.before, reading.after, reading.change], (100.0, 3), "%"));
        links.push(of(value, [reading.value_before, reading.value_after, reading.value_change], (1.0, 4), &it.unit));
    }
    links
}
