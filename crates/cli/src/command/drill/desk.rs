//! `freehold drill run`, and what `freehold impact` and `freehold plan demand` take from it: what would have become of the recorded traffic in another world.

use std::path::Path;

use ::drill::eval::Evaluations;
use ::drill::{Base, Before, Desk, Exposure, Scenario, Window, report};
use anyhow::Result;
use serde::Serialize;

use super::{Read, Run, read};
use crate::command::ledger::{Opened, each_request};
use crate::command::{block_on, evaluations};
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Problems};
use crate::output;
use crate::packs::Near;
use crate::realms::{self, KeptSnapshots};

/// A report with what it takes to run the drill again: program, scenario, seed, and how far the logs had come.
#[derive(Serialize)]
struct Evidence<'a> {
    version: &'static str,
    scenario_sha256: String,
    logs: Vec<Log>,
    #[serde(flatten)]
    report: &'a report::Drill,
}

/// A log as it was read.
#[derive(Serialize)]
struct Log {
    log: String,
    size: u64,
    root: String,
}

/// A scenario run over the ledger.
struct Ran {
    scenario_sha256: String,
    logs: Vec<Log>,
    report: report::Drill,
}

pub(super) fn run(run: &Run, scenario: &Path, out: Option<&Path>, before: Option<&Path>) -> Result<Ended> {
    let before = super::before(before)?;
    let Ran { scenario_sha256, logs, report } = ran(run, scenario, before.as_ref())?;
    let evidence = Evidence { version: env!("CARGO_PKG_VERSION"), scenario_sha256, logs, report: &report };
    if let Some(out) = out {
        write_synced(out, &serde_json::to_vec_pretty(&evidence)?)?;
    }
    if run.json {
        output::json(&evidence)?;
    } else {
        output::text(&report.to_text(run.lang))?;
    }
    let is_broken = report.hypothesis.iter().any(|line| line.verdict == report::Verdict::NotHeld);
    Ok(if is_broken { Ended::No } else { Ended::Done })
}

/// What a drill finds; without a scenario, of the recorded traffic as it was.
pub(crate) fn replayed(run: &Run, scenario: Option<&Path>) -> Result<report::Drill> {
    let Some(path) = scenario else {
        let as_it_was = Scenario::parse(Path::new("recorded"), AS_IT_WAS).map_err(Problems)?;
        return replay(run, &run.existing_data()?, &as_it_was, None);
    };
    Ok(ran(run, path, None)?.report)
}

/// A drill that is only asked what was.
const AS_IT_WAS: &str = "title = \"recorded\"\nbase = \"realm\"\n";

fn ran(run: &Run, path: &Path, before: Option<&Before>) -> Result<Ran> {
    let data = run.existing_data()?;
    let Read { sha256: scenario_sha256, mut scenario, .. } = read(path)?;
    scenario.supply(&Near(run.realm.clone()), realms::today()).map_err(Problems)?;
    // Before anything is replayed: a running server goes on, and the evidence must not claim what was not read.
    let logs = logs(&data)?;
    if scenario.needs_exposure() {
        settle(&data, &mut scenario)?;
    }
    let report = replay(run, &data, &scenario, before)?;
    Ok(Ran { scenario_sha256, logs, report })
}

/// Lets the traffic say what is the largest of a level.
pub(super) fn settle(data: &DataDir, scenario: &mut Scenario) -> Result<()> {
    let archive = KeptSnapshots::new(data.snapshots());
    let mut exposure = Exposure::new(&archive, Window { ..scenario.traffic.clone() });
    let unread = each_request(data, |request| {
        exposure.see(&request);
        Ok(())
    })?;
    Ok(scenario.settle(&exposure.finish(unread)).map_err(Problems)?)
}

fn replay(run: &Run, data: &DataDir, scenario: &Scenario, before: Option<&Before>) -> Result<report::Drill> {
    let archive = KeptSnapshots::new(data.snapshots());
    let realm = match scenario.base {
        Base::Realm => Some(realms::open(&run.realm)?.compiled),
        Base::Recorded => None,
    };
    let evaluations = known(run, data)?;
    let desk = Desk::new(&archive, realm.as_ref(), scenario).knowing(evaluations);
    let mut desk = desk.on(realms::today(), before);
    let unread = each_request(data, |request| {
        desk.see(&request);
        Ok(())
    })?;
    Ok(desk.finish(unread).map_err(Problems)?)
}

/// What evaluations say of models; a directory of records alone has none.
pub(crate) fn known(run: &Run, data: &DataDir) -> Result<Evaluations> {
    if run.database.is_none() && !data.store().exists() {
        return Ok(Evaluations::default());
    }
    block_on(async { evaluations(&run.store(data).await?.evaluations().await?) })
}

fn logs(data: &DataDir) -> Result<Vec<Log>> {
    let log = |id: String| {
        let opened = Opened::choose(data, Some(&id))?;
        let checkpoint = opened.checkpoint();
        Ok(Log { size: checkpoint.size.0, root: checkpoint.root.to_string(), log: id })
    };
    data.logs()?.into_iter().map(log).collect()
}
