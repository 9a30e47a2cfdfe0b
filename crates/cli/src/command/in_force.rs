//! The realm in force: who may do something is what the server went by, not what somebody names on a command line.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use realm::record::{Change, Record};
use realm::snapshot::Snapshot;
use realm::{SnapshotId, UnixMs};

use super::Run;
use super::block_on;
use super::effect::Effect;
use super::ledger::each_record;
use crate::data::DataDir;
use crate::ended::wrong;
use crate::lang::path_arg;
use crate::realms;

/// The realm that the last server of this data directory said in the ledger that it serves, from beside the ledger.
pub(super) fn in_force(run: &Run, data: &DataDir) -> Result<Arc<Snapshot>> {
    // What the server took over a moment ago may not be published yet.
    block_on(async { Effect::of(data, &run.store(data).await?).await.map(drop) })?;
    let id = last_served(data)?.ok_or_else(|| wrong("never-served", &[path_arg(data.path())]))?;
    let lost = || wrong("realm-in-force-lost", &[path_arg(&data.snapshots().join(id.to_string()))]);
    realms::archived(&data.snapshots(), id).ok_or_else(lost)
}

/// What a log says of realms.
#[derive(Default)]
struct Named {
    /// What a server said last that it serves.
    served: Option<(UnixMs, SnapshotId)>,
    /// What decided last: where what was said has been pruned.
    decided: Option<(UnixMs, SnapshotId)>,
}

/// The last realm that the current log names, or the latest of any log where the current one is too young to name any.
fn last_served(data: &DataDir) -> Result<Option<SnapshotId>> {
    let mut logs: BTreeMap<String, Named> = BTreeMap::new();
    each_record(data, |log, _, record| {
        let (said, decided) = match record {
            Record::Change(change) => (served(&change), None),
            Record::Intent(intent) => (None, Some((intent.at, intent.snap))),
            Record::Refusal(refusal) => (None, Some((refusal.at, refusal.snap))),
            Record::Outcome(_) => (None, None),
        };
        if said.or(decided).is_some() {
            let named = logs.entry(log.id.clone()).or_default();
            (named.served, named.decided) = (said.or(named.served), decided.or(named.decided));
        }
        Ok(())
    })?;
    let of = |named: &Named| named.served.or(named.decided);
    let current = data.log_id().ok().and_then(|id| logs.get(&id).and_then(of));
    let latest = current.or_else(|| logs.values().filter_map(of).max_by_key(|(at, _)| *at));
    Ok(latest.map(|(_, id)| id))
}

fn served(change: &Change) -> Option<(UnixMs, SnapshotId)> {
    let says = matches!(change.what.as_str(), "serve.start" | "realm.load");
    let id = change.subject.strip_prefix("snapshot:").filter(|_| says)?;
    Some((change.at, serde_json::from_value(id.into()).ok()?))
}
