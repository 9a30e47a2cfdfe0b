//! The records of a drill's time in a bundle: a run of a log's entries, whole and proved, so that none is left out.

use ledger::checkpoint::{Keys, Signed};
use ledger::proof::{TileNodes, span, verify_span};
use ledger::tree::leaf_hash;
use ledger::types::Hash;
use ledger::{EntryIndex, read_tile, system};
use realm::UnixMs;
use realm::record::Record;
use serde::{Deserialize, Serialize};

use anyhow::{Context, Result};

use crate::command::ledger::Opened;
use crate::lang::tell;

/// How long after its end a drill's records go: what shows that it returned is among them.
const AFTER_MS: u64 = 60_000;

/// A run of entries as a bundle holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    /// The index of the first.
    pub(super) first: u64,
    /// Each as the log holds it; every entry of this program is a text.
    pub(super) entries: Vec<String>,
    /// What it takes beside them to reach the root of the checkpoint, in base64.
    pub(super) proof: Vec<String>,
    /// The signed head that the proof leads to.
    pub(super) checkpoint: String,
}

impl Run {
    /// The entries of a log from a drill's proposal until a minute after its end.
    ///
    /// # Errors
    /// If the log cannot be read, or its beginning was pruned away.
    pub(super) fn of(log: &Opened, (since, ended): (UnixMs, UnixMs)) -> Result<Self> {
        let until = UnixMs(ended.0.saturating_add(AFTER_MS));
        let (mut first, mut entries) = (None, Vec::new());
        let mut last = 0;
        log.each(|index, entry| {
            let at = if system::is_system(entry) { None } else { at(&Record::from_bytes(entry)?) };
            if first.is_none() && at.is_some_and(|at| at >= since) {
                first = Some(index.0);
            }
            if first.is_some() {
                let text = String::from_utf8(entry.to_vec()).context("an entry is no text")?;
                entries.push(text);
                // Writers run side by side: a record may be a little older than the one before it.
                if at.is_none_or(|at| at <= until) {
                    last = entries.len();
                }
            }
            Ok(())
        })?;
        entries.truncate(last);
        let first = first.filter(|_| last > 0).with_context(|| tell("drill-records-gone", &[]))?;
        let size = log.checkpoint().size;
        let mut nodes = TileNodes::new(size, |id| read_tile(&log.dir, id));
        let run = (EntryIndex(first), EntryIndex(first + entries.len() as u64));
        let proof = span(&mut nodes, run, size)?.with_context(|| tell("ledger-tiles-short", &[]))?;
        let proof = proof.into_iter().map(Hash::to_base64).collect();
        Ok(Self { first, entries, proof, checkpoint: log.signed.note.to_string() })
    }

    /// The head that a log signed over them, if they are all there as it says.
    pub(super) fn proved(&self, keys: &Keys) -> Option<Signed> {
        let signed = Signed::open(self.checkpoint.as_bytes(), keys).ok()?;
        let leaves: Vec<Hash> = self.entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        let proof: Option<Vec<Hash>> = self.proof.iter().map(|hash| Hash::from_base64(hash)).collect();
        let head = &signed.checkpoint;
        verify_span(&leaves, EntryIndex(self.first), head.size, &proof?, head.root).ok()?;
        Some(signed)
    }

    /// Every record with its index; the ledger's own entries are left out.
    pub(super) fn records(&self) -> impl Iterator<Item = (u64, &str)> {
        let indexed = (self.first..).zip(self.entries.iter().map(String::as_str));
        indexed.filter(|(_, entry)| !system::is_system(entry.as_bytes()))
    }
}

/// When a record was made; none where it does not say.
fn at(record: &Record) -> Option<UnixMs> {
    match record {
        Record::Intent(intent) => Some(intent.at),
        Record::Outcome(outcome) => Some(outcome.at),
        Record::Refusal(refusal) => Some(refusal.at),
        // A change is as old as its decision, and may have waited in the store.
        Record::Change(change) => Some(change.at),
    }
}
