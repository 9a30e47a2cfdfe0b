//! Upkeep that only the log's one writer may do: a running server on request, or the command itself where none runs.

use std::fmt;

use anyhow::{Context, Result, anyhow};
use ledger::{EntryIndex, Log};
use serde::{Deserialize, Serialize};
use store::Made;

use crate::lang::tell;

/// The word for it among the store's requests.
pub(crate) const REQUEST: &str = "upkeep";
/// The word for "take over what stands in the store now, and say so".
pub(crate) const FOLLOW: &str = "follow";

/// The word for "write the record that names this bundle of a drill"; the answer is its index.
pub(crate) const BIND: &str = "drill.bind";

/// What the server answers to `FOLLOW`, once keys and suspensions as they stand are in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Followed {
    /// How many entries the ledger had once the changes were among them; none where it could not be written.
    pub(crate) entries: Option<u64>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Upkeep {
    /// A new signing key.
    Rotate,
    /// Remove old entries; their hashes stay.
    Prune {
        /// The first index that must be kept.
        below: u64,
        /// What allows it, in the operator's words.
        policy: String,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// The public key that signs from now on.
    Rotated(String),
    /// The first index kept before, and now.
    Pruned(u64, u64),
}

impl fmt::Display for Upkeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotate => f.write_str("a new signing key"),
            Self::Prune { below, policy } => write!(f, "entries below {below} go ({policy})"),
        }
    }
}

impl Upkeep {
    /// Does it; what came of it, and what the ledger says of it.
    pub(crate) async fn perform(self, id: &str, log: &Log) -> Result<(Done, Option<Made>)> {
        let subject = format!("log:{id}");
        match self {
            Self::Rotate => {
                let key = rotate(log).await?;
                let made = Made { what: "ledger.rotate", subject, note: Some(format!("to {key}")) };
                Ok((Done::Rotated(key), Some(made)))
            }
            Self::Prune { below, policy } => {
                let (before, kept) = prune(log, below, policy.clone()).await?;
                let note = Some(format!("entries {before} to {}: {policy}", kept.saturating_sub(1)));
                let made = (kept > before).then_some(Made { what: "ledger.prune", subject, note });
                Ok((Done::Pruned(before, kept), made))
            }
        }
    }
}

async fn rotate(log: &Log) -> Result<String> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
    let writer = log.clone();
    let rotated = tokio::task::spawn_blocking(move || writer.rotate_key(&seed)).await?;
    rotated.with_context(|| tell("ledger-not-rotated", &[]))?;
    Ok(log.verifier_key())
}

/// The first index kept before, and after.
async fn prune(log: &Log, below: u64, policy: String) -> Result<(u64, u64)> {
    let (writer, runtime) = (log.clone(), tokio::runtime::Handle::current());
    // Pruning waits for the disk and for a checkpoint: not on a thread that serves.
    let pruned = tokio::task::spawn_blocking(move || -> Result<(u64, u64), ledger::Error> {
        let first = writer.scan(EntryIndex(0)).next().transpose()?.map_or(0, |(index, _)| index.0);
        let kept = runtime.block_on(writer.prune(EntryIndex(below), &policy))?;
        Ok((first, kept.0.max(first)))
    });
    pruned.await?.with_context(|| tell("ledger-not-pruned", &[]))
}
