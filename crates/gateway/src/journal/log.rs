//! An open log as the gateway's journal.

use super::{Journal, JournalError, JournalHealth, Wait};
use ledger::layout::Resource;
use ledger::{EntryIndex, Error, Log, system};

/// An open log under its name.
#[derive(Clone)]
pub struct LogJournal {
    id: String,
    log: Log,
}

impl LogJournal {
    /// Gives an open log its name in receipts.
    pub fn new(id: String, log: Log) -> Self {
        Self { id, log }
    }

    /// The log itself.
    pub fn log(&self) -> &Log {
        &self.log
    }
}

fn said(error: Error) -> JournalError {
    match error {
        Error::NotPublished(_) => JournalError::Pending,
        other => JournalError::Unavailable(other.to_string()),
    }
}

/// Reads on a thread that may block; a thread that died has said why in the log.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<Option<T>, Error> + Send + 'static,
) -> Result<T, JournalError> {
    let done = tokio::task::spawn_blocking(read).await;
    let found = done.map_err(|error| JournalError::Unavailable(error.to_string()))?;
    found.map_err(said)?.ok_or(JournalError::Missing)
}

impl Journal for LogJournal {
    fn log_id(&self) -> &str {
        &self.id
    }

    fn head(&self) -> u64 {
        self.log.head().durable.0
    }

    fn append(&self, entry: Vec<u8>) -> Wait<'_, Result<u64, JournalError>> {
        Box::pin(async move { self.log.append(entry).await.map(|index| index.0).map_err(said) })
    }

    fn read(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        let log = self.log.clone();
        Box::pin(blocking(move || log.read(EntryIndex(index))))
    }

    fn scan(&self, from: u64, see: &mut dyn FnMut(u64, &[u8])) -> Result<(), JournalError> {
        for found in self.log.scan(EntryIndex(from)) {
            let (index, entry) = found.map_err(said)?;
            if !system::is_system(&entry) {
                see(index.0, &entry);
            }
        }
        Ok(())
    }

    fn receipt(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>> {
        Box::pin(async move {
            if !self.log.head().durable.contains(EntryIndex(index)) {
                return Err(JournalError::Missing);
            }
            self.log.published_past(EntryIndex(index)).await.map_err(said)?;
            let log = self.log.clone();
            blocking(move || log.receipt(EntryIndex(index)).map(|receipt| Some(receipt.to_string().into_bytes()))).await
        })
    }

    fn published<'a>(&'a self, path: &'a str) -> Wait<'a, Result<Vec<u8>, JournalError>> {
        Box::pin(async move {
            let resource = Resource::parse(path).ok_or(JournalError::Missing)?;
            let log = self.log.clone();
            blocking(move || log.resource(&resource)).await
        })
    }

    fn health(&self) -> JournalHealth {
        let health = self.log.health();
        let trouble = (!health.writable).then(|| health.reason.unwrap_or_else(|| "it is closed".to_owned()));
        let full = health.space.filter(|space| space.warn).map(|space| match space.days_left {
            Some(days) => format!("the ledger's disk will be full in {days:.0} days"),
            None => format!("the ledger's disk has {} MB left", space.free_bytes / 1_000_000),
        });
        let sync = health.fdatasync_us;
        let sync = Some((sync.sum_us as f64 / 1e6, sync.count));
        let queued = health.commit_wait_us;
        let queued = Some((queued.sum_us as f64 / 1e6, queued.count));
        JournalHealth { trouble, warning: health.warning.or(full), sync, queued, waiting: health.queue_len }
    }
}
