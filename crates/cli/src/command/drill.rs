//! `freehold drill`: what would have become of the recorded traffic in another world.

use std::path::Path;

use ::drill::{Base, Desk, Exposure, Scenario, Window, report};
use anyhow::{Context, Result};
use realm::regular;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Run;
use super::ledger::{Opened, each_request};
use crate::args::DrillCommand;
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Problems};
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

pub(crate) fn run(run: &Run, command: &DrillCommand) -> Result<Ended> {
    let DrillCommand::Run { scenario, out } = command;
    let data = run.existing_data()?;
    let bytes = regular::read(scenario, SCENARIO_BYTES_MAX);
    let bytes = bytes
        .map_err(|error| crate::ended::wrong("cannot-read-why", &[path_arg(scenario), ("why", error.to_string())]))?;
    let mut parsed = parse(scenario, &bytes)?;
    // Before anything is replayed: a running server goes on, and the evidence must not claim what was not read.
    let logs = logs(&data)?;
    if parsed.needs_exposure() {
        settle(&data, &mut parsed)?;
    }
    let report = replay(run, &data, &parsed)?;
    let scenario_sha256 = hex::encode(Sha256::digest(&bytes));
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
