//! What a log says after a crash: which intents have no outcome, and the outcomes that close them.
//!
//! Pure: the records go in, the closing outcomes come out. Closing twice closes nothing the second time.

use std::collections::BTreeMap;

use realm::UnixMs;
use realm::record::{Attempt, End, EnergyFigure, Intent, Outcome, Record, Timings, Tokens};

use crate::journal::{Journal, JournalError};

/// Intents without an outcome, by index.
#[derive(Debug, Default)]
pub struct Orphans(BTreeMap<u64, Intent>);

impl Orphans {
    /// Learns the next record.
    pub fn see(&mut self, index: u64, record: Record) {
        match record {
            Record::Intent(intent) => drop(self.0.insert(index, intent)),
            Record::Outcome(outcome) => {
                for attempt in &outcome.attempts {
                    self.0.remove(&attempt.intent);
                }
            }
            Record::Refusal(_) | Record::Change(_) => {}
        }
    }

    /// One outcome `unknown` for each request that has none: charged what its last attempt set aside, where that can be
    /// true.
    pub fn close(self, now: UnixMs) -> Vec<Outcome> {
        let mut requests: Vec<Vec<(u64, Intent)>> = Vec::new();
        for (index, intent) in self.0 {
            // Old records hold ids that clients chose, so one may stand twice: an attempt belongs to the latest request that it continues.
            let continued = requests.iter_mut().rev().find(|attempts| {
                attempts.last().is_some_and(|(_, last)| {
                    last.app == intent.app && last.req == intent.req && last.n.checked_add(1) == Some(intent.n)
                })
            });
            match continued {
                Some(attempts) => attempts.push((index, intent)),
                None => requests.push(vec![(index, intent)]),
            }
        }
        let firsts: Vec<u64> = requests.iter().map(|attempts| attempts[0].0).collect();
        let closing = requests.into_iter().enumerate();
        // Each says which requests are still open after it: those that stand after it in this list.
        closing.filter_map(|(i, attempts)| unknown(attempts, now, firsts.get(i + 1).copied())).collect()
    }
}

fn unknown(attempts: Vec<(u64, Intent)>, now: UnixMs, next_open: Option<u64>) -> Option<Outcome> {
    let (last_index, last) = attempts.last()?;
    let charged = last.est.believed();
    let started = attempts.first().map_or(last.at, |(_, first)| first.at);
    Some(Outcome {
        at: now,
        req: last.req.clone(),
        app: last.app.clone(),
        route: last.route.clone(),
        end: End::Unknown,
        code: None,
        tokens: Tokens { input: charged.tokens, output: 0, estimated: true },
        cost_nano: charged.cost_nano,
        cost_estimated: true,
        energy: EnergyFigure::Unknown,
        ms: Timings { first_ms: None, total_ms: now.since(started) },
        rules: Vec::new(),
        model: None,
        mac: None,
        oldest_open: next_open.unwrap_or(last_index + 1),
        simulated: last.simulated,
        mirrors: last.mirrors.clone(),
        attempts: attempts
            .iter()
            .map(|(index, intent)| Attempt {
                intent: *index,
                deployment: intent.dep.clone(),
                status: None,
                error: None,
                took_ms: 0,
                resumed_from: None,
                feigned: false,
            })
            .collect(),
    })
}

/// Where recovery must begin: the `oldest_open` of the last outcome; the whole log where there is none.
///
/// # Errors
/// If the log cannot be read.
pub async fn start_of_scan(journal: &dyn Journal) -> Result<u64, JournalError> {
    let mut index = journal.head();
    while index > 0 {
        index -= 1;
        let entry = match journal.read(index).await {
            Ok(entry) => entry,
            // Pruned or the ledger's own.
            Err(JournalError::Missing) => continue,
            Err(error) => return Err(error),
        };
        if let Ok(Record::Outcome(outcome)) = Record::from_bytes(&entry) {
            return Ok(outcome.oldest_open.min(index));
        }
    }
    Ok(0)
}

/// Appends the outcomes of requests that a crash cut off, through the normal path. Tells how many.
///
/// # Errors
/// If the log cannot be read or written; what was closed stays closed.
pub async fn close_orphans(journal: &dyn Journal, now: UnixMs) -> Result<usize, JournalError> {
    let mut orphans = Orphans::default();
    journal.scan(start_of_scan(journal).await?, &mut |index, entry| {
        // An entry that is no record of ours is the ledger's own, or a later version's.
        if let Ok(record) = Record::from_bytes(entry) {
            orphans.see(index, record);
        }
    })?;
    let closing = orphans.close(now);
    let count = closing.len();
    for outcome in closing {
        journal.append(Record::Outcome(outcome).to_bytes()).await?;
    }
    Ok(count)
}
