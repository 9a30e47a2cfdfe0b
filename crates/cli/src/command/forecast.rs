//! `freehold forecast`: what it is worth, how sure we are, and what the megawatts allow.

mod record;

use std::path::Path;

use ::forecast::{Around, Model, Outcome, Sampling, Settings};
use anyhow::{Context, Result};
use realm::regular;

use super::Run;
use crate::args::{DrawArgs, ForecastCommand, ForecastDiffArgs, ForecastRunArgs};
use crate::data::write_synced;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, tell};
use crate::{output, realms};

/// More than anybody writes into a model or a plan's table.
const MODEL_BYTES_MAX: u64 = 4 << 20;
/// Points of the design for Sobol's indices.
const SOBOL_BASE: usize = 8_192;

pub(crate) fn run(run: &Run, command: &ForecastCommand) -> Result<Ended> {
    match command {
        ForecastCommand::Run(args) => ran(run, args),
        ForecastCommand::Diff(args) => diff(run, args),
        ForecastCommand::Freeze { file, draw } => record::freeze(run, file, *draw),
        ForecastCommand::Ls => record::ls(run),
        ForecastCommand::Score { resolved } => record::score(run, resolved),
    }
}

fn ran(run: &Run, args: &ForecastRunArgs) -> Result<Ended> {
    let model = model(&args.file, &args.set)?;
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
    let before = model(&args.file, &[])?;
    let after = model(args.with.as_deref().unwrap_or(&args.file), &args.set)?;
    let difference = ::forecast::diff(&before, &after, &settings(args.draw)).map_err(Problems)?;
    if run.json {
        output::json(&difference)?;
    } else {
        output::text(&difference.report(run.lang).to_text())?;
    }
    Ok(Ended::Done)
}

fn settings(draw: DrawArgs) -> Settings {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let DrawArgs { draws, seed } = draw;
    Settings { draws, seed, threads, sampling: Sampling::Latin, sobol_base: Some(SOBOL_BASE) }
}

/// The text of a file that somebody named.
fn text(path: &Path) -> Result<String> {
    read(path).map_err(|why| wrong("cannot-read-why", &[path_arg(path), ("why", why)]))
}

/// Reads a model; files it names are looked for beside it, those of the command line where the command runs.
fn model(path: &Path, sets: &[(String, String)]) -> Result<Model> {
    let text = text(path)?;
    let set = sets.iter().find(|(name, _)| name == "plan.capacity").map(|(_, value)| value.as_str());
    let beside = path.parent().unwrap_or(Path::new(""));
    let files = |name: &str| read(&if set == Some(name) { name.into() } else { beside.join(name) });
    let around = Around { today: realms::today(), sets, files: &files };
    Ok(Model::parse(path, &text, &around).map_err(Problems)?)
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = regular::read(path, MODEL_BYTES_MAX).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

/// Writes a page, everything as JSON, and each table as CSV.
fn write(run: &Run, out: &Path, outcome: &Outcome) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| tell("cannot-write", &[path_arg(out)]))?;
    let report = outcome.report(run.lang);
    for table in report.tables() {
        write_synced(&out.join(table.file()), table.to_csv().as_bytes())?;
    }
    write_synced(&out.join("forecast.html"), report.to_html(true).as_bytes())?;
    write_synced(&out.join("forecast.json"), &serde_json::to_vec_pretty(outcome)?)
}
