//! What lies beside a log and is part of what it proves: the last signed head, and the realms that its records name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ledger::checkpoint::{Checkpoint, Keys, Signed};
use ledger::verify::{Failure, Finding, Report};
use realm::SnapshotId;
use realm::regular;
use realm::snapshot;
use serde::Deserialize;

use super::{Opened, keys_beside};
use crate::data::DataDir;

/// A head is a signed note of a few lines.
const HEAD_BYTES_MAX: u64 = 1 << 20;

/// The last signed head of a log, read before the log is.
pub(super) struct Head {
    path: PathBuf,
    /// None where it is missing.
    bytes: Option<Vec<u8>>,
    keys: Keys,
}

impl Head {
    /// Reads it from the log's own state.
    pub(super) fn of(state: &Path) -> Result<Self> {
        let path = state.join("head");
        let bytes = match regular::read(&path, HEAD_BYTES_MAX) {
            Ok(bytes) => Some(bytes),
            Err(regular::Unread::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let keys = Keys { logs: keys_beside(&state.join("key.pub"))?, witnesses: Vec::new() };
        Ok(Self { path, bytes, keys })
    }

    /// Whether a log that was found sound is the one that was last signed, or goes on from it.
    pub(super) fn check(&self, report: &Report) -> Result<(), Failure> {
        let wrong = |what: String| Err(self.finding(what));
        let Some(bytes) = &self.bytes else {
            return wrong("the last signed head is missing: an older copy of the log would not be noticed".to_owned());
        };
        let head: Checkpoint = match Signed::open(bytes, &self.keys) {
            Ok(signed) => signed.checkpoint,
            Err(error) => return wrong(format!("the last signed head is none of this log's key: {error}")),
        };
        let stored = report.size.0.saturating_add(report.uncovered);
        if head.origin != report.origin {
            return wrong(format!("the last signed head is of another log, {}", head.origin));
        }
        if head.size.0 > stored {
            let signed = head.size;
            return wrong(format!("{signed} entries were signed, and the log holds {stored}: it is an older copy"));
        }
        if head.size == report.size && head.root != report.root {
            return wrong(format!("another root was signed for the log's {} entries", head.size));
        }
        Ok(())
    }

    fn finding(&self, what: String) -> Failure {
        finding(&self.path, what)
    }
}

fn finding(path: &Path, what: String) -> Failure {
    let path = path.display().to_string();
    Failure::Found(Box::new(Finding { path, byte_offset: None, index: None, what }))
}

/// What of a record names a realm.
#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    snap: Option<SnapshotId>,
    #[serde(default)]
    subject: Option<String>,
}

/// Checks the realms that are kept against their names, and that none is missing that a record names.
pub(super) fn snapshots(data: &DataDir) -> Result<Result<(), Failure>> {
    let kept = match kept(&data.snapshots())? {
        Ok(kept) => kept,
        Err(failure) => return Ok(Err(failure)),
    };
    for id in data.logs()? {
        let mut missing = None;
        Opened::choose(data, Some(&id))?.each(|index, entry| {
            let Ok(names) = serde_json::from_slice::<Names>(entry) else { return Ok(()) };
            let subject = names.subject.as_deref().and_then(|subject| parse(subject.strip_prefix("snapshot:")?));
            let named = names.snap.into_iter().chain(subject);
            missing = missing.or(named.filter(|named| !kept.contains(named)).map(|named| (index, named)).next());
            Ok(())
        })?;
        if let Some((index, named)) = missing {
            let path = data.snapshots().join(named.to_string());
            let what = format!("the realm that entry {index} of {id} names is missing");
            return Ok(Err(finding(&path, what)));
        }
    }
    Ok(Ok(()))
}

/// The realms there are, each found to be what its name says.
fn kept(snapshots: &Path) -> Result<Result<BTreeSet<SnapshotId>, Failure>> {
    let mut kept = BTreeSet::new();
    let entries = match std::fs::read_dir(snapshots) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Ok(kept)),
        other => other.with_context(|| format!("cannot read {}", snapshots.display()))?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(parse) else { continue };
        let path = snapshots.join(&name);
        if !snapshot::holds(&path, id).with_context(|| format!("cannot read {}", path.display()))? {
            return Ok(Err(finding(&path, "its files are not those that its name stands for".to_owned())));
        }
        kept.insert(id);
    }
    Ok(Ok(kept))
}

fn parse(text: &str) -> Option<SnapshotId> {
    let text = text.bytes().all(|byte| !byte.is_ascii_uppercase()).then_some(text)?;
    serde_json::from_value(text.into()).ok()
}
