//! The ledger as the gateway uses it: a seam, so that tests can watch the order of things.

mod log;

use std::future::Future;
use std::pin::Pin;

pub use log::LogJournal;

/// A future in a box.
pub type Wait<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why the ledger did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// It cannot write now.
    #[error("the ledger cannot write: {0}")]
    Unavailable(String),
    /// No published checkpoint covers the entry yet.
    #[error("no checkpoint covers the entry yet")]
    Pending,
    /// There is no such entry or file.
    #[error("there is no such entry")]
    Missing,
}

/// Whether the ledger can write.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalHealth {
    /// Why it cannot; none where it can.
    pub trouble: Option<String>,
    /// What somebody should look at although it can: a disk that will be full soon.
    pub warning: Option<String>,
    /// Seconds of `fdatasync` so far, and how many.
    pub sync: Option<(f64, u64)>,
    /// Seconds that batches waited for the disk's attention so far, and how many batches.
    pub queued: Option<(f64, u64)>,
    /// Entries that wait now.
    pub waiting: usize,
}

/// An append-only log of entries.
pub trait Journal: Send + Sync {
    /// The name in receipts: `<log-id>/<index>`.
    fn log_id(&self) -> &str;

    /// The index that the next entry gets.
    fn head(&self) -> u64;

    /// Appends an entry and comes back when it is durable, with its index.
    fn append(&self, entry: Vec<u8>) -> Wait<'_, Result<u64, JournalError>>;

    /// Reads one durable entry.
    fn read(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>>;

    /// Shows every durable entry from an index on, in order. The ledger's own entries may be left out.
    ///
    /// # Errors
    /// If the log cannot be read.
    fn scan(&self, from: u64, see: &mut dyn FnMut(u64, &[u8])) -> Result<(), JournalError>;

    /// The proof that an entry is in the log, once a published checkpoint covers it.
    fn receipt(&self, index: u64) -> Wait<'_, Result<Vec<u8>, JournalError>>;

    /// A published file below the log's prefix: `checkpoint`, `tile/0/000`.
    fn published<'a>(&'a self, path: &'a str) -> Wait<'a, Result<Vec<u8>, JournalError>>;

    /// Whether it can write.
    fn health(&self) -> JournalHealth;
}
