//! `freehold eval`: what models answer to suites of questions whose answers are known.

mod ask;
mod compare;
mod import;
mod kept;
mod known;
mod records;
mod run;
mod show;
mod target;

use std::path::Path;

use anyhow::{Context, Result};
use realm::regular;
use store::evaluation::Evaluation;

use super::{Run, block_on};
use crate::args::EvalCommand;
use crate::ended::{Ended, wrong};
use crate::known::unknown;
use crate::lang::{path_arg, tell};

pub(crate) use import::keep_published;
pub(crate) use known::evaluations;

/// More than anybody writes into a suite.
const SUITE_BYTES_MAX: u64 = 64 << 20;

pub(crate) fn run(run: &Run, command: EvalCommand) -> Result<Ended> {
    match command {
        EvalCommand::Run(args) => run::run(run, &args),
        EvalCommand::Ls => show::ls(run),
        EvalCommand::Show { id, suite } => show::show(run, &id, suite.as_deref()),
        EvalCommand::Compare { first, second, margin } => compare::run(run, [&first, &second], margin),
        EvalCommand::Import { file } => import::run(run, &file),
    }
}

fn read(path: &Path) -> Result<String> {
    let bytes = regular::read(path, SUITE_BYTES_MAX);
    let bytes = bytes.map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    String::from_utf8(bytes).with_context(|| tell("cannot-read", &[path_arg(path)]))
}

/// A result by its id.
fn by_id(run: &Run, id: &str) -> Result<Evaluation> {
    let data = run.place_of_store(false)?;
    block_on(async {
        let store = run.store(&data).await?;
        if let Some(found) = store.evaluation(id).await? {
            return Ok(found);
        }
        let all = store.evaluations().await?;
        Err(unknown("evaluation", id, &all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>()))
    })
}

/// A share in millionths as people read it: `71.4 %`.
fn percent(ppm: u32) -> String {
    format!("{:.1} %", f64::from(ppm) / 1e4)
}

/// Foreign words on one line, without what a terminal would obey.
fn on_one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
