//! A demo's log deleted whole.

use anyhow::{Context, Result};
use realm::UnixMs;
use realm::record::Change;

use super::place::Place;
use crate::clock::now;
use crate::lang::{path_arg, tell};

/// A log that is no more.
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
    ///
    /// It is marked first, so that what a crash leaves behind goes at the next start and is never taken for a log.
    pub(super) fn delete_log(&self, by: String) -> Result<Deleted> {
        let id = self.data.log_id()?;
        let deleted = Deleted { entries: self.data.published_size().unwrap_or_default(), id, by, at: now() };
        let mark = self.mark();
        let marked = std::fs::File::create(&mark).and_then(|file| file.sync_all());
        marked.with_context(|| tell("cannot-write", &[path_arg(&mark)]))?;
        self.finish_deleting()?;
        Ok(deleted)
    }

    /// Goes on with what a crash cut short; nothing where nothing was.
    pub(super) fn finish_deleting(&self) -> Result<()> {
        let mark = self.mark();
        if !mark.exists() {
            return Ok(());
        }
        let contents = self.data.contents();
        let beside = ["-wal", "-shm"].map(|end| std::path::PathBuf::from(format!("{}{end}", contents.display())));
        let state = self.data.path().join("ledger-state");
        for path in [self.data.ledger(), state, self.data.path().join("log-id"), contents].into_iter().chain(beside) {
            let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            match gone {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                other => other.with_context(|| tell("cannot-delete", &[path_arg(&path)]))?,
            }
        }
        std::fs::remove_file(&mark).with_context(|| tell("cannot-delete", &[path_arg(&mark)]))
    }

    fn mark(&self) -> std::path::PathBuf {
        self.data.path().join("log-deleted")
    }
}
