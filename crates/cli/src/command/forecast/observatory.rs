//! `freehold forecast observatory`: a plan's compute beside that of nations and blocs.

use ::forecast::model::{CapacityYear, capacity_table};
use ::forecast::observatory::{Observatory, millions, references};
use ::plan::plan::writable;
use anyhow::Result;

use super::delay::planned;
use super::{text, write_report};
use crate::args::ForecastObservatoryArgs;
use crate::command::Run;
use crate::command::plan::{failed, open};
use crate::ended::{Ended, wrong};
use crate::lang::path_arg;
use crate::output;

pub(super) fn run(run: &Run, args: &ForecastObservatoryArgs) -> Result<Ended> {
    if let Some(out) = &args.out {
        writable(out).map_err(failed)?;
    }
    if let Some(of) = args.of.as_ref().filter(|of| millions(of).is_none()) {
        let mut known: Vec<&str> = references().iter().map(|it| it.of.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        return Err(wrong("observatory-unknown", &[("name", of.clone()), ("names", known.join(", "))]));
    }
    let Some(plan) = plan(run, args)? else { return Ok(Ended::No) };
    let found = Observatory::new(plan, args.of.clone());
    let report = found.report(run.lang);
    if let Some(out) = &args.out {
        write_report(out, "observatory", &report, &found)?;
    }
    if run.json {
        output::json(&found)?;
    } else {
        output::text(&report.to_text())?;
    }
    Ok(Ended::Done)
}

/// The table of a plan that is solved now, or was; nothing where none is asked for; none where there is no plan.
fn plan(run: &Run, args: &ForecastObservatoryArgs) -> Result<Option<Vec<CapacityYear>>> {
    let read = |table: &str, path: &std::path::Path| {
        capacity_table(table).map_err(|why| wrong("cannot-read-why", &[path_arg(path), ("why", why)]))
    };
    match (&args.case, &args.capacity) {
        (Some(dir), _) => {
            let planned = planned(run, dir, &open(dir)?)?;
            planned.map(|it| read(&it.capacity, dir)).transpose()
        }
        (None, Some(file)) => Ok(Some(read(&text(file)?, file)?)),
        (None, None) => Ok(Some(Vec::new())),
    }
}
