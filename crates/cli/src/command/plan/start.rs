//! `freehold plan start`: the case that the realm begins with, and what nobody says of it.

use std::collections::BTreeMap;
use std::path::Path;

use ::plan::Diagnostic;
use ::plan::case::load;
use ::plan::plan::{put_case, writable};
use ::plan::start::facts::{self, Fact, Facts};
use ::plan::start::{Asked, start};
use anyhow::Result;

use super::failed;
use crate::args::plan::PlanStartArgs;
use crate::command::Run;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::path_arg;
use crate::output;
use crate::realms;

mod told;

/// Most bytes of a file of figures.
const FIGURES_BYTES_MAX: u64 = 4 << 20;

pub(crate) fn run(run: &Run, args: &PlanStartArgs) -> Result<Ended> {
    writable(&args.out).map_err(failed)?;
    if !args.years.is_sorted_by(|a, b| a < b) {
        return Err(wrong("years-order", &[]));
    }
    let compiled = realms::open(&run.realm)?.compiled;
    let world = compiled.world();
    let own = args.figures.as_deref().map(figures).transpose()?.unwrap_or_default();
    let rates: BTreeMap<String, f64> = args.rate.iter().cloned().collect();
    let facts = Facts::new(own, args.estimated, &world.head.currency, rates);
    let found = start(&Asked { world, facts: &facts, years: &args.years, discount_rate: args.discount_rate });
    let unused = facts.unused();
    if !unused.is_empty() {
        return Err(wrong("figures-unused", &[("figures", unused.join(", "))]));
    }
    put_case(&found.text, &args.out).map_err(failed)?;
    let to_fill_in = unknown(&args.out)?;
    if run.json {
        output::json(&told::json(world, &found, (&to_fill_in, &facts.lacking_rates()), &args.out))?;
    } else {
        output::text(&told::text(run.lang, world, &found, (&to_fill_in, &facts.lacking_rates()), &args.out))?;
    }
    Ok(if to_fill_in.is_empty() { Ended::Done } else { Ended::No })
}

fn figures(path: &Path) -> Result<Vec<Fact>> {
    let bytes = realm::regular::read(path, FIGURES_BYTES_MAX)
        .map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    let wrong_at = |line: usize, why: String| {
        wrong("figures-wrong", &[("place", format!("{}:{line}", path.display())), ("field", why)])
    };
    let text = String::from_utf8(bytes).map_err(|error| wrong_at(1, error.to_string()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    facts::read_own(&name, &text).map_err(|error| wrong_at(error.line, error.why))
}

/// What the written case says that nobody knows. Anything else that is wrong with it takes it away again.
fn unknown(out: &Path) -> Result<Vec<Diagnostic>> {
    let problems = load(out).err().unwrap_or_default();
    if problems.iter().all(|it| it.code == "case.to_fill_in") {
        return Ok(problems);
    }
    drop(std::fs::remove_dir_all(out));
    Err(Problems(problems.into_iter().filter(|it| it.code != "case.to_fill_in").collect()).into())
}
