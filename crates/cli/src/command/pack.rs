//! `freehold pack`: what packs there are, what each says, whether its cases hold, what two versions differ in, and its duties.

mod duties;
mod find;
mod prove;
mod score;

use anyhow::Result;
use policy::pack::{diff, ls_heads, ls_row, test};
use serde_json::{Value, json};

use super::Run;
use crate::args::PackCommand;
use crate::ended::Ended;
use crate::realms::today;
use crate::{output, realms};

pub(crate) fn run(run: &Run, command: PackCommand) -> Result<Ended> {
    match command {
        PackCommand::Ls => ls(run),
        PackCommand::Show { pack, at } => {
            let (opened, date) = (find::opened(run, &pack)?, at.unwrap_or_else(today));
            if run.json {
                output::json(&opened.to_json(date))?;
            } else {
                output::text(&opened.to_text(date, run.lang, output::columns()))?;
            }
            Ok(Ended::Done)
        }
        PackCommand::Test { pack } => try_cases(run, &pack),
        PackCommand::Diff { was, is, prove, at, problems } => {
            let (was, is) = (find::opened(run, &was)?, find::opened(run, &is)?);
            let found = diff(&was, &is);
            if prove {
                return prove::run(run, &found, [&was, &is], at.unwrap_or_else(today), problems.as_deref());
            }
            if run.json {
                output::json(&found)?;
            } else {
                output::text(&found.to_text(run.lang))?;
            }
            Ok(if found.is_empty() { Ended::Done } else { Ended::No })
        }
        PackCommand::Duties(args) => duties::run(run, &args),
        PackCommand::Score { pack, assessment } => score::run(run, &pack, &assessment),
    }
}

/// Packs inside the program, and those of the realm's own.
fn ls(run: &Run) -> Result<Ended> {
    let opened = find::known(run).iter().map(|id| find::opened(run, id)).collect::<Result<Vec<_>>>()?;
    let date = today();
    if run.json {
        output::json(&opened.iter().map(|it| it.to_json(date)).collect::<Vec<_>>())?;
    } else {
        let rows: Vec<Vec<String>> = opened.iter().map(|it| ls_row(it, date)).collect();
        output::table_under(&ls_heads(run.lang), &[3, 4, 5], &rows)?;
    }
    Ok(Ended::Done)
}

/// Runs the cases of each pack named; the answer is no where one is not good.
fn try_cases(run: &Run, packs: &[String]) -> Result<Ended> {
    let mut reports = Vec::new();
    for pack in packs {
        let opened = find::opened(run, pack)?;
        let report = realms::aside(|| test(&opened, today()));
        let report = report.ok_or_else(|| crate::ended::wrong("pack-lost", &[("pack", pack.clone())]))?;
        eprint!("{}", realm::load::render(&opened.warnings, run.lang, output::colour()));
        if !run.json {
            output::text(&report.to_text(run.lang))?;
        }
        reports.push(report);
    }
    if run.json {
        let one = |report: &policy::pack::Report| {
            let mut value = json!(report);
            value["good"] = Value::from(report.is_good());
            value
        };
        output::json(&reports.iter().map(one).collect::<Vec<_>>())?;
    }
    Ok(if reports.iter().all(policy::pack::Report::is_good) { Ended::Done } else { Ended::No })
}
