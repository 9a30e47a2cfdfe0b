//! `freehold drill`: what would have become of the recorded traffic in another world.

use std::path::Path;

use ::drill::{Base, Desk, Exposure, Impact, Scenario, Window, report};
use anyhow::{Context, Result};
use realm::regular;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Run;
use super::ledger::{Opened, each_request};
use crate::args::{DrillCommand, ImpactArgs};
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, tell};
use crate::output;
use crate::realms::{self, KeptSnapshots};

/// More than anybody writes into a scenario.
const SCENARIO_BYTES_MAX: u64 = 1 << 20;

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

pub(crate) fn run(run: &Run, command: &DrillCommand) -> Result<Ended> {
    let DrillCommand::Run { scenario, out } = command;
    let Ran { scenario_sha256, logs, report } = ran(run, scenario)?;
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

/// `freehold impact`: the same drill, followed along the chain.
pub(crate) fn impact(run: &Run, args: &ImpactArgs) -> Result<Ended> {
    let impact = Impact::of(&ran(run, &args.scenario)?.report);
    if run.json {
        output::json(&impact)?;
    } else {
        output::text(&impact.to_text(run.lang))?;
    }
    Ok(Ended::Done)
}

fn ran(run: &Run, path: &Path) -> Result<Ran> {
    let data = run.existing_data()?;
    let bytes = regular::read(path, SCENARIO_BYTES_MAX);
    let bytes = bytes.map_err(|error| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]))?;
    let mut scenario = parse(path, &bytes)?;
    // Before anything is replayed: a running server goes on, and the evidence must not claim what was not read.
    let logs = logs(&data)?;
    if scenario.needs_exposure() {
        settle(&data, &mut scenario)?;
    }
    let report = replay(run, &data, &scenario)?;
    Ok(Ran { scenario_sha256: hex::encode(Sha256::digest(&bytes)), logs, report })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Scenario> {
    let text = std::str::from_utf8(bytes).with_context(|| tell("cannot-read", &[path_arg(path)]))?;
    Ok(Scenario::parse(path, text).map_err(Problems)?)
}

/// Lets the traffic say what is the largest of a level.
fn settle(data: &DataDir, scenario: &mut Scenario) -> Result<()> {
    let archive = KeptSnapshots::new(data.snapshots());
    let mut exposure = Exposure::new(&archive, Window { ..scenario.traffic.clone() });
    let unread = each_request(data, |request| {
        exposure.see(&request);
        Ok(())
    })?;
    Ok(scenario.settle(&exposure.finish(unread)).map_err(Problems)?)
}

fn replay(run: &Run, data: &DataDir, scenario: &Scenario) -> Result<report::Drill> {
    let archive = KeptSnapshots::new(data.snapshots());
    let realm = match scenario.base {
        Base::Realm => Some(realms::open(&run.realm)?.compiled),
        Base::Recorded => None,
    };
    let mut desk = Desk::new(&archive, realm.as_ref(), scenario);
    let unread = each_request(data, |request| {
        desk.see(&request);
        Ok(())
    })?;
    Ok(desk.finish(unread).map_err(Problems)?)
}

fn logs(data: &DataDir) -> Result<Vec<Log>> {
    let log = |id: String| {
        let opened = Opened::choose(data, Some(&id))?;
        let checkpoint = opened.checkpoint();
        Ok(Log { size: checkpoint.size.0, root: checkpoint.root.to_string(), log: id })
    };
    data.logs()?.into_iter().map(log).collect()
}
