//! A demo's log deleted whole.
//!
//! A mark says first which log goes and who wants it: what a crash leaves behind goes at the next start, and the log that
//! comes after it says so before anything else happens in it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use realm::UnixMs;
use realm::record::Change;
use serde::{Deserialize, Serialize};

use super::place::Place;
use crate::clock::now;
use crate::data::DataDir;
use crate::lang::{path_arg, tell};

/// A log that is no more.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Deleted {
    id: String,
    entries: u64,
    by: String,
    at: UnixMs,
}

impl Deleted {
    /// The record that says so in the log that comes after it.
    pub(super) fn change(&self) -> Change {
        Change {
            at: self.at,
            what: "log.delete".to_owned(),
            subject: format!("log:{}", self.id),
            by: self.by.clone(),
            note: Some(format!("{} entries, samples among them", self.entries)),
            id: None,
        }
    }

    /// What the words for it name.
    pub(super) fn args(&self) -> [(&'static str, String); 3] {
        [("log", self.id.clone()), ("entries", self.entries.to_string()), ("by", self.by.clone())]
    }
}

impl Place {
    /// Deletes the log whole, with what was kept of prompts and answers. Nothing may run on it.
    pub(super) fn delete_log(&self, by: String) -> Result<Option<Deleted>> {
        let id = self.data.log_id()?;
        let deleted = Deleted { entries: self.data.published_size().unwrap_or_default(), id, by, at: now() };
        let mark = mark(&self.data);
        let write = || -> std::io::Result<()> {
            std::fs::write(&mark, serde_json::to_vec(&deleted)?)?;
            std::fs::File::open(&mark)?.sync_all()
        };
        write().with_context(|| tell("cannot-write", &[path_arg(&mark)]))?;
        self.finish_deleting()
    }

    /// Goes on with what a crash cut short; nothing where nothing was.
    pub(super) fn finish_deleting(&self) -> Result<Option<Deleted>> {
        let mark = mark(&self.data);
        let Ok(bytes) = std::fs::read(&mark) else { return Ok(None) };
        let contents = self.data.contents();
        let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", contents.display())));
        let own = ["ledger-state", "log-id", "evaluations"].map(|name| self.data.path().join(name));
        for path in [self.data.ledger(), contents].into_iter().chain(own).chain(beside) {
            let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            match gone {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.with_context(|| tell("cannot-delete", &[path_arg(&path)]))?,
            }
        }
        Ok(Some(serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    /// The new log says so: nothing is left to do.
    pub(super) fn deletion_is_told(&self) -> Result<()> {
        let mark = mark(&self.data);
        std::fs::remove_file(&mark).with_context(|| tell("cannot-delete", &[path_arg(&mark)]))
    }
}

/// What marks a directory whose log is being deleted.
pub(crate) fn mark(data: &DataDir) -> PathBuf {
    data.path().join("log-deleted")
}
