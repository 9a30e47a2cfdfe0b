//! `freehold forecast`: what it is worth, how sure we are, and what the megawatts allow.

pub(crate) mod delay;
mod observatory;
mod records;
mod track;

use std::path::Path;

use ::forecast::usage::Usage;
use ::forecast::{Around, Difference, Model, Outcome, Sampling, Settings};
use ::plan::plan::writable;
use anyhow::{Context, Result};
use realm::regular;
use report::Report;
use serde::Serialize;

use super::Run;
use super::plan::failed;
use crate::args::{DrawArgs, ForecastCommand, ForecastDiffArgs, ForecastRunArgs};
use crate::data::write_synced;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, tell};
use crate::{output, realms};

/// More than anybody writes into a model or a plan's table.
const MODEL_BYTES_MAX: u64 = 4 << 20;
/// Points of the design for Sobol's indices.
const SOBOL_BASE: usize = 8_192;
/// What a plan's table is called where it comes from no file. No file beside a model has this name.
const PLANNED: &str = "plan/capacity.csv (solved just now)";

pub(crate) fn run(run: &Run, command: &ForecastCommand) -> Result<Ended> {
    match command {
        ForecastCommand::Run(args) => ran(run, args),
        ForecastCommand::Diff(args) => diff(run, args),
        ForecastCommand::Freeze { file, draw } => track::freeze(run, file, *draw),
        ForecastCommand::Ls => track::ls(run),
        ForecastCommand::Observatory(args) => observatory::run(run, args),
        ForecastCommand::Score { resolved } => track::score(run, resolved),
    }
}

fn ran(run: &Run, args: &ForecastRunArgs) -> Result<Ended> {
    if let Some(out) = &args.out {
        writable(out).map_err(failed)?;
    }
    let usage = match (&args.usage, args.records) {
        (Some(file), _) => Some(counted(file)?),
        (None, true) => Some(records::counted(run)?),
        (None, false) => None,
    };
    let model = read_model(&args.file, &args.set, None, usage.as_ref())?;
    let outcome = ::forecast::run(&model, &settings(args.draw)).map_err(Problems)?;
    if let Some(out) = &args.out {
        write(run, out, &outcome)?;
    }
    if run.json {
        output::json(&outcome)?;
    } else {
        output::text(&outcome.report(run.lang).to_text())?;
    }
    Ok(Ended::Done)
}

fn diff(run: &Run, args: &ForecastDiffArgs) -> Result<Ended> {
    if let (Some(case), Some((technology, years))) = (&args.case, &args.delay) {
        return delay::run(run, args, case, (technology, *years));
    }
    let before = model(&args.file, &[])?;
    let after = model(args.with.as_deref().unwrap_or(&args.file), &args.set)?;
    let difference = ::forecast::diff(&before, &after, &settings(args.draw)).map_err(Problems)?;
    tell_difference(run, &difference)?;
    Ok(Ended::Done)
}

fn tell_difference(run: &Run, difference: &Difference) -> Result<()> {
    if run.json { output::json(difference) } else { output::text(&difference.report(run.lang).to_text()) }
}

fn settings(draw: DrawArgs) -> Settings {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let DrawArgs { draws, seed } = draw;
    Settings { draws, seed, threads, sampling: Sampling::Latin, sobol_base: Some(SOBOL_BASE) }
}

/// What a model says of the plans before and after a change, drawn alike.
pub(crate) fn between(
    (path, sets, draw): (&Path, &[(String, String)], DrawArgs),
    before: &str,
    after: &str,
) -> Result<Difference> {
    let of = |table: &str| read_model(path, sets, Some(table), None);
    Ok(::forecast::diff(&of(before)?, &of(after)?, &settings(draw)).map_err(Problems)?)
}

/// The text of a file that somebody named.
fn text(path: &Path) -> Result<String> {
    read(path).map_err(|why| wrong("cannot-read-why", &[path_arg(path), ("why", why)]))
}

fn counted(path: &Path) -> Result<Usage> {
    Usage::from_json(&text(path)?).map_err(|why| wrong("cannot-read-why", &[path_arg(path), ("why", why)]))
}

fn model(path: &Path, sets: &[(String, String)]) -> Result<Model> {
    read_model(path, sets, None, None)
}

/// Reads a model; files it names are looked for beside it, those of the command line where the command runs. A plan's table, where
/// one is given, takes the place of the model's from its first year on.
fn read_model(path: &Path, sets: &[(String, String)], planned: Option<&str>, usage: Option<&Usage>) -> Result<Model> {
    let text = text(path)?;
    let plan = planned.map(|_| ("plan.capacity".to_owned(), PLANNED.to_owned()));
    let others = sets.iter().filter(|(name, _)| planned.is_none() || name != "plan.capacity").cloned();
    let sets: Vec<(String, String)> = others.chain(plan).collect();
    let set = sets.iter().find(|(name, _)| name == "plan.capacity").map(|(_, value)| value.as_str());
    let beside = path.parent().unwrap_or(Path::new(""));
    let files = |name: &str| match planned {
        Some(table) if name == PLANNED => Ok(table.to_owned()),
        _ if set == Some(name) => read(Path::new(name)),
        _ => read(&beside.join(name)),
    };
    let around = Around { today: realms::today(), sets: &sets, files: &files };
    let parsed = match usage {
        Some(usage) => Model::parse_with_usage(path, &text, &around, usage),
        None => Model::parse(path, &text, &around),
    };
    Ok(parsed.map_err(Problems)?)
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = regular::read(path, MODEL_BYTES_MAX).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// Writes a page, everything as JSON, and each table as CSV, into a directory that holds nothing.
fn write(run: &Run, out: &Path, outcome: &Outcome) -> Result<()> {
    write_report(out, "forecast", &outcome.report(run.lang), outcome)
}

/// The same of any report, with what programs read.
fn write_report(out: &Path, name: &str, report: &Report, all: &impl Serialize) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| tell("cannot-write", &[path_arg(out)]))?;
    for table in report.tables() {
        write_synced(&out.join(table.file()), table.to_csv().as_bytes())?;
    }
    write_synced(&out.join(format!("{name}.html")), report.to_html(true).as_bytes())?;
    write_synced(&out.join(format!("{name}.json")), &serde_json::to_vec_pretty(all)?)
}
