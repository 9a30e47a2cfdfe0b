//! What goes into a bundle.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use ::drill::report::Server;
use ::drill::{Bundle, LiveReport, Reader, Recorded, Watching, cut_off};
use anyhow::{Context, Result};
use policy::Compiled;
use realm::SnapshotId;
use realm::record::Record;
use realm::snapshot::Snapshot;
use store::drill::{Drill, DrillReport, Mode};

use super::keys_text;
use super::records::Run;
use crate::command::drill::live::kept_cuts;
use crate::command::drill::measured::{self, Shown};
use crate::command::ledger::{Opened, keys_beside};
use crate::data::DataDir;
use crate::lang::tell;
use crate::realms;

/// Names of files.
pub(super) const SCENARIO: &str = "scenario.toml";
pub(super) const DRILL: &str = "drill.json";
pub(super) const SERVERS: &str = "servers.json";
pub(super) const RECORDS: &str = "records.json";
pub(super) const REPORT: &str = "report.json";
pub(super) const CUT: &str = "cut.json";
pub(super) const KEYS: &str = "log.pub";
/// Below it a folder for each realm that decided.
pub(super) const REALMS: &str = "realms/";

/// The bundle of a drill, from the store and the current log of a data directory; not bound yet.
pub(super) fn bundle(data: &DataDir, drill: &Drill, reports: &[DrillReport]) -> Result<Bundle> {
    let log = Opened::choose(data, None)?;
    let ended = drill.ended.as_ref().map(|ended| ended.at).unwrap_or_default();
    let run = Run::of(&log, (drill.proposed.at, ended))?;
    let mut realms = Vec::new();
    for id in snapshots(drill, &run)? {
        let lost =
            || tell("realm-in-force-lost", &[("path", data.snapshots().join(id.to_string()).display().to_string())]);
        realms.push(realms::archived(&data.snapshots(), id).with_context(lost)?);
    }
    let keys = keys_beside(&data.public_key(&log.id))?;
    let servers = measured::servers(drill, reports)?;
    let files = files(drill, &run, &realms, &servers)?;
    let files = files.into_iter().chain([(KEYS.to_owned(), keys_text(&keys).into_bytes())]).collect();
    Ok(Bundle::new(&drill.id, env!("CARGO_PKG_VERSION"), files))
}

/// The snapshots that decided anything in a run, and the one that a drill was proposed in.
fn snapshots(drill: &Drill, run: &Run) -> Result<BTreeSet<SnapshotId>> {
    let mut found = BTreeSet::from([snapshot_id(&drill.realm)?]);
    for (_, entry) in run.records() {
        match Record::from_bytes(entry.as_bytes())? {
            Record::Intent(intent) => drop(found.insert(intent.snap)),
            Record::Refusal(refusal) => drop(found.insert(refusal.snap)),
            Record::Outcome(_) | Record::Change(_) => {}
        }
    }
    Ok(found)
}

/// An id as a drill names it.
pub(in crate::command::drill) fn snapshot_id(text: &str) -> Result<SnapshotId> {
    Ok(serde_json::from_value(text.into())?)
}

/// Every file but the keys: a function of what is given.
pub(super) fn files(
    drill: &Drill,
    run: &Run,
    realms: &[Arc<Snapshot>],
    servers: &[Server],
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::from([
        (SCENARIO.to_owned(), drill.scenario.clone().into_bytes()),
        (DRILL.to_owned(), serde_json::to_vec(drill)?),
        (SERVERS.to_owned(), serde_json::to_vec(servers)?),
        (RECORDS.to_owned(), serde_json::to_vec(run)?),
    ]);
    for snapshot in realms {
        for (path, bytes) in &snapshot.files {
            files.insert(format!("{REALMS}{}/{}", snapshot.id, path.display()), bytes.clone());
        }
    }
    files.insert(REPORT.to_owned(), serde_json::to_vec(&report(drill, run, realms, servers)?)?);
    files.insert(CUT.to_owned(), serde_json::to_vec(&cut(drill, realms)?)?);
    Ok(files)
}

/// What the records of a run say of a drill; whoever has the bundle counts the same.
pub(super) fn report(drill: &Drill, run: &Run, realms: &[Arc<Snapshot>], servers: &[Server]) -> Result<Shown> {
    let scenario = measured::scenario(drill)?;
    let ended = drill.ended.as_ref().map(|ended| ended.at).unwrap_or_default();
    let unstarted = || tell("drill-not-ended", &[("id", drill.id.clone())]);
    let ran = measured::ran(drill, &scenario, ended)?.with_context(unstarted)?;
    if drill.mode == Mode::Shadow {
        let (mut recorded, mut reader) = (Recorded::default(), Reader::default());
        for (index, entry) in run.records() {
            reader.see(index, entry.as_bytes())?;
            reader.take_mirror().iter().for_each(|mirror| recorded.see(&drill.id, mirror));
        }
        let proposed = snapshot_id(&drill.realm)?;
        let world = realms.iter().find(|it| it.id == proposed).map(|it| &it.world);
        let of = (&scenario, &ran);
        return Ok(measured::shadowed(of, recorded, servers.to_vec(), reader.unread(), world));
    }
    let mut archive: HashMap<SnapshotId, Arc<Compiled>> = HashMap::new();
    for snapshot in realms {
        let compiled = policy::compile(&snapshot.world).map_err(crate::ended::Problems)?;
        archive.insert(snapshot.id, Arc::new(compiled));
    }
    let (mut watching, mut reader) = (Watching::new(&archive, &ran), Reader::default());
    for (index, entry) in run.records() {
        if let Some(request) = reader.see(index, entry.as_bytes())? {
            watching.see(&request);
        }
    }
    let report = LiveReport::new(&scenario, &ran, watching, servers.to_vec(), reader.unread());
    Ok(Shown::Live(Box::new(report)))
}

/// What was cut off, realm by realm.
fn cut(drill: &Drill, realms: &[Arc<Snapshot>]) -> Result<BTreeMap<String, Vec<String>>> {
    let cuts = kept_cuts(drill)?;
    let of = |snapshot: &Arc<Snapshot>| {
        let reached = cut_off(&snapshot.world, &cuts);
        (snapshot.id.to_string(), reached.keys().map(ToString::to_string).collect())
    };
    Ok(realms.iter().map(of).collect())
}
