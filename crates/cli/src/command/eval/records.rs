//! What the ledger says of a run's requests: never what the run itself would reckon.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use drill::eval::Used;
use realm::record::Record;
use realm::{DeploymentId, SnapshotId};

use crate::command::ledger::each_record;
use crate::data::DataDir;

/// How often the ledger is read for records that no published head covers yet.
const TRIES: u32 = 4;

/// What the records say.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) answers: Used,
    pub(super) judge: Used,
    /// The snapshot that decided last.
    pub(super) snapshot: Option<SnapshotId>,
    /// The deployments that answered.
    pub(super) places: BTreeSet<DeploymentId>,
    /// Whether any record says that it is of sample traffic.
    pub(super) simulated: bool,
}

/// Reads the records of a run; what a running server has not published yet is waited for.
pub(super) fn of(
    data: &DataDir,
    (answers, judge): (&BTreeSet<String>, &BTreeSet<String>),
    publish: Duration,
) -> Result<Found> {
    let mut found = read(data, answers, judge)?;
    for _ in 1..TRIES {
        if found.answers.without_record + found.judge.without_record == 0 {
            break;
        }
        // Nobody unparks this thread: it is a sleep that ends with the process.
        std::thread::park_timeout(publish + Duration::from_millis(100));
        found = read(data, answers, judge)?;
    }
    Ok(found)
}

fn read(data: &DataDir, answers: &BTreeSet<String>, judge: &BTreeSet<String>) -> Result<Found> {
    let mut found = Found::default();
    each_record(data, |_, _, record| {
        match record {
            Record::Intent(intent) if answers.contains(&intent.req) => {
                found.snapshot = Some(intent.snap);
                found.simulated |= intent.simulated;
            }
            Record::Outcome(outcome) => {
                found.simulated |= outcome.simulated && answers.contains(&outcome.req);
                if answers.contains(&outcome.req) {
                    found.answers.add(&outcome);
                    found.places.extend(outcome.attempts.last().map(|last| last.deployment.clone()));
                } else if judge.contains(&outcome.req) {
                    found.judge.add(&outcome);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    found.answers.without_record = (answers.len() as u64).saturating_sub(found.answers.requests);
    found.judge.without_record = (judge.len() as u64).saturating_sub(found.judge.requests);
    Ok(found)
}
