//! `freehold plan demand`: a case with the work that the ledger records, as it was or as a drill would have it.

use std::path::Path;

use ::drill::report::Work;
use ::plan::case::Case;
use ::plan::demand::{Asked, Demand, Period, Rate, Unknown, Used, demand, demand_rows, tables};
use ::plan::plan::{extend, writable};
use anyhow::Result;
use realm::World;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use super::{failed, open};
use crate::args::{FromRecords, PlanDemandArgs};
use crate::command::Run;
use crate::command::drill::replayed;
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, say};
use crate::output;
use crate::realms;

mod training;

/// A case made from another, or what it takes that nobody declares.
pub(crate) type Made = Result<Demand, Vec<Unknown>>;

pub(crate) fn run(run: &Run, args: &PlanDemandArgs) -> Result<Ended> {
    writable(&args.out).map_err(failed)?;
    let report = replayed(run, args.scenario.as_deref())?;
    let work = if args.scenario.is_some() { &report.work.after } else { &report.work.before };
    match put(run, &args.from, &args.from.case, (work, report.work.hours, report.work.first_hour), &args.out)? {
        Ok(demand) => {
            if run.json {
                output::json(&json!({ "demand": demand, "out": args.out.display().to_string() }))?;
            } else {
                output::text(&text(run, &demand, &args.out))?;
            }
            Ok(Ended::Done)
        }
        Err(unknown) => {
            if run.json {
                output::json(&json!({ "unknown": unknown }))?;
            } else {
                output::text(&unknown_text(run, &unknown))?;
            }
            Ok(Ended::No)
        }
    }
}

/// Writes the case of `case` with work put into it to `out`; nothing where something is unknown.
pub(crate) fn put(
    run: &Run,
    from: &FromRecords,
    case_dir: &Path,
    (work, recorded_hours, first_hour): (&[Work], u64, u64),
    out: &Path,
) -> Result<Made> {
    if let Some((year, _)) = from
        .growth
        .iter()
        .enumerate()
        .find(|(at, it)| from.growth[..*at].iter().any(|other| other.0 == it.0))
        .map(|(_, it)| it)
    {
        return Err(wrong("growth-twice", &[("year", year.to_string())]));
    }
    let case = open(case_dir)?;
    let compiled = realms::open(&run.realm)?.compiled;
    let (used, rates) = (used(work, from.everywhere), rates(compiled.world()));
    let accelerators: Vec<String> = case.accelerators.iter().map(|it| it.id.clone()).collect();
    let (training, peaks) = (training::runs(compiled.world(), from.mfu), training::peaks(compiled.world()));
    let years: Vec<Period> = case.years.iter().map(|it| Period { year: it.year, years: it.years }).collect();
    let asked = Asked {
        used: &used,
        recorded_hours,
        first_hour,
        rates: &rates,
        accelerators: &accelerators,
        represents: from.represents,
        training: &training,
        peaks: &peaks,
        years: &years,
    };
    let found = match demand(&asked) {
        Ok(found) => found,
        Err(unknown) => return Ok(Err(unknown.into_iter().collect())),
    };
    write(from, &case, case_dir, &found, out)?;
    Ok(Ok(found))
}

fn write(from: &FromRecords, case: &Case, case_dir: &Path, found: &Demand, out: &Path) -> Result<()> {
    let home: Vec<String> = if from.everywhere { Vec::new() } else { case.home.iter().cloned().collect() };
    let tables = tables(found, &from.growth, &home);
    let (name, rows) = demand_rows(found, case.hours.count(), &case.hours.starts);
    extend(case_dir, &tables, (name, &rows), out).map_err(failed)?;
    // What it became is read as anybody would read it; what cannot be read is not left there.
    open(out).map(drop).inspect_err(|_| drop(std::fs::remove_dir_all(out)))
}

/// Work at home; or all of it.
fn used(work: &[Work], everywhere: bool) -> Vec<Used> {
    let taken = work.iter().filter(|it| everywhere || it.at_home);
    let one = |it: &Work| Used {
        app: it.app.to_string(),
        model: it.model.as_ref().map(ToString::to_string),
        tokens_by_hour: it.tokens_by_hour,
    };
    taken.map(one).collect()
}

/// What the realm declares, of one unit each.
fn rates(world: &World) -> Vec<Rate> {
    let one = |it: &realm::world::Throughput| {
        let together = it.tokens_per_s.to_f64()?;
        Some(Rate {
            model: it.of.model.to_string(),
            accelerator: it.of.accelerator.to_string(),
            tokens_per_s: together / it.of.accelerators as f64,
            source: format!("{}: {}", it.method.as_str(), it.source),
        })
    };
    world.throughput.values().filter_map(one).collect()
}

/// What it takes that nobody declares, a line each.
pub(crate) fn unknown_text(run: &Run, unknown: &[Unknown]) -> String {
    let line = |it: &Unknown| match it {
        Unknown::Model { app } => say(run.lang, "demand-unknown-model", &[("app", app.clone())]),
        Unknown::Throughput { model, accelerator } => {
            let args = [("model", model.clone()), ("accelerator", accelerator.clone())];
            say(run.lang, "demand-unknown-throughput", &args)
        }
        Unknown::Mfu { initiative } => say(run.lang, "demand-unknown-mfu", &[("initiative", initiative.clone())]),
        Unknown::Peak { accelerator } => say(run.lang, "demand-unknown-peak", &[("accelerator", accelerator.clone())]),
    };
    unknown.iter().map(|it| line(it) + "\n").collect()
}

fn text(run: &Run, demand: &Demand, out: &Path) -> String {
    let mut text = String::new();
    let mut line = |key: &str, args: &[(&'static str, String)]| {
        text.push_str(&say(run.lang, key, args));
        text.push('\n');
    };
    let it = demand.represents;
    let hours = demand.recorded_hours.to_string();
    let times = [("mid", it.mid.to_string()), ("low", it.low.to_string()), ("high", it.high.to_string())];
    let [mid, low, high] = times.clone();
    line(if demand.flat { "demand-flat" } else { "demand-hours" }, &[("hours", hours), mid, low, high]);
    for class in &demand.classes {
        let a_day = |times: f64| format!("{:.3e}", class.tokens_per_day() * times);
        let args = [
            ("model", class.model.clone()),
            ("mid", a_day(it.mid)),
            ("low", a_day(it.low)),
            ("high", a_day(it.high)),
            ("apps", class.apps.len().to_string()),
        ];
        line("demand-class", &args);
        for rate in &class.rates {
            let hours = class.accelerator_hours_per_day(&rate.accelerator).unwrap_or(0.0) * it.mid;
            let args = [
                ("accelerator", rate.accelerator.clone()),
                ("hours", format!("{hours:.1}")),
                ("rate", rate.tokens_per_s.to_string()),
                ("source", rate.source.clone()),
            ];
            line("demand-rate", &args);
        }
    }
    text.push_str(&training::text(run.lang, &demand.training));
    text.push_str(&say(run.lang, "plan-written", &[path_arg(out)]));
    text + "\n"
}
